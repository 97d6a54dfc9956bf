import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GitAccess } from '../../src/lib/git/access.ts'
import { commitAndPush } from '../../src/lib/git/commit-and-push.ts'
import { findGit } from '../../src/lib/git/run-git.ts'
import { git } from '../git/plain-git.ts'
import { seenProcesses } from '../git/processes.ts'
import { type GitServer, startGitServer } from '../git/server.ts'
import { type SshAddress, startSshServer } from './testbed/openssh-server.ts'
import type { Started } from './testbed/started.ts'

describe('git over a real sshd', () => {
  let folder: string
  let ssh: Started<SshAddress>
  /** Only for its repositories: they are reached through SSH. */
  let repositories: GitServer

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'git-over-ssh-'))
    ssh = await startSshServer(folder)
    repositories = await startGitServer()
  }, 300_000)
  afterAll(async () => {
    await ssh?.stop()
    await repositories?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  async function change(name: string, access: Partial<GitAccess & { kind: 'ssh' }>, path = name) {
    const { user, port, key, knownHosts } = ssh.address
    const program = await findGit({ PATH: process.env['PATH'], HOME: folder }, process.platform)
    return commitAndPush(
      {
        url: `ssh://${user}@127.0.0.1:${port}${join(repositories.folder, path)}`,
        access: { kind: 'ssh', privateKey: key, knownHosts, ...access },
        commit: { committer: { name: 'Op', email: 'op@example.com' } },
        edit: async (tree) => {
          const seeing = (await seenProcesses()).filter(({ args, env }) =>
            `${args}${env}`.includes('OPENSSH PRIVATE KEY'),
          )
          expect(seeing).toEqual([])
          await tree.write('values.yaml', 'tag: "1.1"\n')
          return { message: 'update' }
        },
      },
      { git: program, cacheFolder: join(folder, 'cache'), allowedHosts: ['127.0.0.1'] },
    )
  }

  it('commits and pushes', async () => {
    const repository = await repositories.createRepository('one.git', { 'values.yaml': 'tag: "1.0"\n' })
    const { commit } = await change('one.git', {})
    expect(await git(repository, 'rev-parse', 'main')).toBe(commit)
  })

  it.each<[string, () => Partial<GitAccess & { kind: 'ssh' }>, string]>([
    ['a key that is not let in', () => ({ privateKey: ssh.address.otherKey }), 'credentials'],
    ['a text that is no key', () => ({ privateKey: 'no key' }), 'credentials'],
    ['another host key', () => ({ knownHosts: ssh.address.wrongKnownHosts }), 'host-key'],
    ['an unknown host', () => ({ knownHosts: '' }), 'host-key'],
  ])('%s is refused', async (_, access, kind) => {
    await repositories.createRepository(`${kind}-${_.length}.git`, { 'values.yaml': 'tag: "1.0"\n' })
    await expect(change(`${kind}-${_.length}.git`, access())).rejects.toMatchObject({ kind })
  })

  it('a repository that is not there', async () => {
    await expect(change('gone.git', {})).rejects.toMatchObject({ kind: 'no-repository' })
  })

  it('of a long history only the tip is fetched', async () => {
    const repository = await repositories.createRepository('long.git', { 'values.yaml': 'tag: "1.0"\n' })
    const tree = await git(repository, 'rev-parse', 'main^{tree}')
    const importing = await startImport(repository, tree, 2000)
    expect(importing).toBe('2001')
    const { pushed } = await change('long.git', {})
    expect(pushed).toBe(true)
    expect(await git(repository, 'rev-list', '--count', 'main')).toBe('2002')
    const clones = join(folder, 'cache', 'git')
    const counts = await Promise.all(
      (await readdir(clones)).map((name) => git(join(clones, name), 'rev-list', '--count', '--all')),
    )
    // The tip and the new commit.
    expect(Math.max(...counts.map(Number))).toBe(2)
  })
})

/** Adds empty commits. @returns how many there are then */
async function startImport(repository: string, tree: string, count: number): Promise<string> {
  const tip = await git(repository, 'rev-parse', 'main')
  const commits = Array.from(
    { length: count },
    (_, index) =>
      `commit refs/heads/main\ncommitter E <e@example.com> ${1_700_000_000 + index} +0000\ndata 1\nx\n${index === 0 ? `from ${tip}\n` : ''}M 040000 ${tree} \n\n`,
  )
  execFileSync('git', ['fast-import', '--quiet'], { cwd: repository, input: commits.join('') })
  return git(repository, 'rev-list', '--count', 'main')
}
