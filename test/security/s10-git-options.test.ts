import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkBranchName } from '../../src/lib/git/ref-name.ts'
import { parseRepositoryUrl } from '../../src/lib/git/repository-url.ts'
import { checkRepositoryHost } from '../../src/lib/git/url-policy.ts'
import { world, writing } from '../git/operator.ts'

describe('S10: nothing from the cluster is an option of git, a program or another transport', () => {
  it.each([
    '--upload-pack=touch /tmp/x',
    '-oProxyCommand=x',
    'ext::sh -c id',
    'ext::sh',
    'fd::17/x',
    'file:///etc',
    '/srv/repository.git',
    '../repository.git',
    'C:/repository',
    'git://host/x',
    'ftp://host/x',
    'ssh://-oProxyCommand=x/y',
    'ssh://-oProxyCommand=x@host/y',
    'ssh://host/-x',
    '-x@host:path',
    'git@-host:path',
    'git@host:-x',
    'https://host/a\nb',
    'https://host/a\u001b[2J',
    'https://host/\u202ea',
    'https://host/a b',
    'https://host/..',
    'https://host/a?x=1',
    'https://host/a#b',
    'https://host',
    'https:///x',
    'https://host:99999/x',
    'https://user:password@host/x',
    '',
  ])('the URL %j is refused', (url) => {
    expect(() => parseRepositoryUrl(url)).toThrow(expect.objectContaining({ kind: 'url' }))
  })

  it.each([
    'http://git.example.com/r',
    'https://127.0.0.1/r',
    'https://localhost/r',
    'https://2130706433/r',
    'ssh://git@[::1]/r',
    'https://169.254.169.254/latest',
    'git@0xa9fea9fe:latest',
    'https://metadata.google.internal/r',
    'https://[fd00:ec2::254]/r',
  ])('%s is asked only when the operator vouches for it', (text) => {
    const url = parseRepositoryUrl(text)
    expect(() => checkRepositoryHost(url, ['git.example.com.evil.example'])).toThrow(
      expect.objectContaining({ kind: 'refused', remedy: expect.stringContaining('--allow-git-host ') }),
    )
    checkRepositoryHost(url, [url.host])
  })

  it.each(['https://git.example.internal/r', 'https://10.1.2.3/r', 'git@192.168.1.1:r'])(
    '%s is an ordinary server',
    (text) => {
      checkRepositoryHost(parseRepositoryUrl(text), [])
    },
  )

  it.each([
    '--upload-pack=x',
    '-f',
    '+main',
    'main:other',
    'a..b',
    'a b',
    'a~1',
    'a^',
    'a?',
    'a*',
    'a[',
    'a\\b',
    'a@{1}',
    '@',
    'HEAD',
    'refs/heads/main',
    '/a',
    'a/',
    'a//b',
    'a.',
    '.a',
    'a/.b',
    'a.lock',
    'a.lock/b',
    'a\u0000b',
    'a\nb',
    'a\u202eb',
    'x'.repeat(245),
    '',
  ])('%j is no branch', (name) => {
    // A plus sign may stand in a name: in ours it never stands in front of a refspec.
    if (name === '+main') return expect(checkBranchName(name)).toBe(name)
    expect(() => checkBranchName(name)).toThrow(expect.objectContaining({ kind: 'branch-name' }))
  })

  it('neither as base nor as write branch', async () => {
    const { change, server, home } = await world()
    const mark = join(home, 'mark')
    const edit = writing('app/values.yaml', 'x')
    for (const branch of [`--upload-pack=touch ${mark}`, '--exec=x', 'main:refs/heads/other']) {
      for (const where of [
        { base: branch },
        { targetRevision: branch },
        { write: { branch, isOwn: () => true } },
      ]) {
        await expect(change({ ...where, edit })).rejects.toMatchObject({ kind: 'branch-name' })
      }
    }
    expect(server.requests).toEqual([])
    await expect(access(mark)).rejects.toThrow()
  })
})
