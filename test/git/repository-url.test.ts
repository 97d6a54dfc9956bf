import { describe, expect, it } from 'vitest'
import { githubRepository, gitlabProject } from '../../src/lib/git/repository-path.ts'
import {
  isSshUrl,
  normalizeRepositoryUrl,
  parseRepositoryUrl,
  sameRepositoryUrl,
  sshHostAndPort,
  sshUser,
} from '../../src/lib/git/repository-url.ts'

describe('the URL of a repository', () => {
  it.each([
    ['https://GitHub.com/Org/Repo.git', 'https', '', 'github.com', 0, 'Org/Repo.git'],
    [' https://me@dev.azure.com/o/p/_git/r ', 'https', 'me', 'dev.azure.com', 0, 'o/p/_git/r'],
    ['https://git.example.com:443/r', 'https', '', 'git.example.com', 0, 'r'],
    ['https://[2001:db8::1]:8443/r/', 'https', '', '2001:db8::1', 8443, 'r'],
    ['http://git.internal:3000/a/b', 'http', '', 'git.internal', 3000, 'a/b'],
    ['ssh://git@git.example.com:2222/a/b.git', 'ssh', 'git', 'git.example.com', 2222, 'a/b.git'],
    ['ssh://git@github.com:org/repo', 'ssh', 'git', 'github.com', 0, 'org/repo'],
    ['git@github.com:org/repo.git', 'ssh', 'git', 'github.com', 0, 'org/repo.git'],
    ['john@doe.org@server.org:p', 'ssh', 'john@doe.org', 'server.org', 0, 'p'],
    ['https://2130706433/r', 'https', '', '127.0.0.1', 0, 'r'],
  ])('%s', (text, transport, user, host, port, path) => {
    expect(parseRepositoryUrl(text)).toMatchObject({ transport, user, host, port, path })
  })

  it.each([
    ['https://Git.example.com/org/repo.git/', 'git@git.example.com:org/repo', false],
    ['ssh://git@git.example.com:22/org/repo', 'git@git.example.com:org/repo.git', true],
    ['https://user@git.example.com/org/repo', 'https://git.example.com:443/org/repo.git', true],
    ['https://git.example.com/org/repo', 'https://git.example.com:8443/org/repo', false],
    ['https://git.example.com/org/repo', 'https://git.example.com.evil.example/org/repo', false],
    ['not a url', 'not a url', false],
  ])('%s and %s are the same: %s', (a, b, same) => {
    expect(sameRepositoryUrl(a, b)).toBe(same)
  })

  it('has a form to compare and SSH parts', () => {
    expect(normalizeRepositoryUrl('https://GIT.example.com:8443/Org/Repo.git')).toBe(
      'https://git.example.com:8443/org/repo',
    )
    expect(isSshUrl('git@host:p')).toBe(true)
    expect(sshUser('ssh://ann@host/p')).toBe('ann')
    expect(sshHostAndPort('ssh://ann@host:2222/p')).toBe('host:2222')
    expect(sshHostAndPort('ann@host:p')).toBe('host:22')
  })

  it('names an owner and a project', () => {
    expect(githubRepository('git@ghe.example.com:org/repo.git')).toEqual({ owner: 'org', repo: 'repo' })
    expect(gitlabProject('https://gitlab.example.com/a/b/c.git')).toBe('a/b/c')
    expect(() => gitlabProject('https://gitlab.example.com/a')).toThrow('does not end in group/name')
  })
})
