import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { git } from '../git/plain-git.ts'
import { BASIC, commitFiles } from '../git/server.ts'
import { type GitRepository, type GitWorld, KUSTOMIZATION, startGitWorld } from './world/git-repositories.ts'

let here: GitWorld
/** What happens before a push to a repository arrives. */
const beforePush = new Map<string, () => Promise<void>>()

beforeAll(async () => {
  here = await startGitWorld()
  here.server.before = async (request) => {
    const [, name = ''] = /^POST \/([^/]+)\/git-receive-pack$/.exec(request) ?? []
    await beforePush.get(name)?.()
  }
})
afterAll(() => here?.close())

async function deployed(name: string, rules: Readonly<Record<string, string>> = {}): Promise<GitRepository> {
  const gitops = await here.repository({ 'app/kustomization.yaml': KUSTOMIZATION })
  await here.deploy(name, gitops.url, { 'write-back-target': 'kustomization:/app', ...rules })
  return gitops
}

/** A login of Argo CD's for one repository, with a password that is wrong. */
async function wrongLogin(name: string, url: string): Promise<void> {
  await here.world.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      labels: { 'argocd.argoproj.io/secret-type': 'repository' },
      name,
      namespace: here.world.namespace,
    },
    stringData: { password: 'wr0ng-pässword', type: 'git', url, username: BASIC.username },
    type: 'Opaque',
  })
}

it.concurrent('where there is no git on PATH, that is one clear line', async () => {
  await deployed('gitless')
  const args = ['update', 'gitless', '--yes', ...here.reach]
  const { code, stderr } = await here.world.run(args, { env: { PATH: '/nonexistent' } })
  expect(stderr).toMatch(/^error: gitless.*there is no git on PATH\. Install git 2\.30 or newer$/m)
  expect(stderr).not.toMatch(/^ {4}at /m)
  expect(code).toBe(1)
})

describe('during a push', () => {
  it.concurrent('twenty commits of somebody else are all kept, in a straight line', async () => {
    const gitops = await deployed('busy')
    let others = 0
    beforePush.set(gitops.name, async () => {
      for (let more = 0; more < 5 && others < 20; more += 1) {
        others += 1
        await commitFiles(gitops.folder, 'main', { [`other/${others}`]: `${others}\n` }, `other ${others}`)
      }
    })
    expect(await here.run('update', 'busy', '--yes')).toMatchObject({ code: 0 })
    expect((await git(gitops.folder, 'ls-tree', '--name-only', 'main:other')).split('\n')).toHaveLength(20)
    expect(await git(gitops.folder, 'rev-list', '--count', 'main')).toBe('22')
    expect(await git(gitops.folder, 'rev-list', '--min-parents=2', 'main')).toBe('')
    expect(await gitops.changedLines()).toHaveLength(2)
  })

  it.concurrent('a kill leaves nothing that troubles the next run', async () => {
    const gitops = await deployed('killed')
    const arrived = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    beforePush.set(gitops.name, async () => {
      arrived.resolve()
      await released.promise
    })
    const running = here.start('update', 'killed', '--yes')
    await arrived.promise
    running.signal('SIGKILL')
    expect((await running.finished).code).toBeUndefined()
    beforePush.delete(gitops.name)
    const next = await here.run('update', 'killed', '--yes')
    expect({ code: next.code, stderr: next.stderr.replace(/^Context.*\s*/, '') }).toEqual({
      code: 0,
      stderr: '',
    })
    released.resolve()
    expect(await gitops.subjects()).toHaveLength(2)
    expect(await gitops.changedLines()).toHaveLength(2)
    await git(gitops.folder, 'fsck', '--strict')
  })
})

describe('one clear line, and the others go on,', () => {
  it.concurrent('for a wrong password, which nobody sees', async () => {
    const [wrong, right] = await Promise.all([deployed('wrong'), deployed('right')])
    await wrongLogin('wrong', wrong.url)
    const { code, stderr, stdout } = await here.run('update', 'wrong', 'right', '--yes')
    const errors = stderr.split('\n').filter((line) => line.startsWith('error: '))
    expect(errors).toEqual([expect.stringMatching(/wrong: .*the server does not accept the credentials/)])
    for (const secret of ['wr0ng', 'pässword', 'ssword', BASIC.password]) {
      expect(stdout + stderr).not.toContain(secret)
    }
    expect(code).toBe(1)
    expect(await wrong.subjects()).toHaveLength(1)
    expect(await right.subjects()).toHaveLength(2)
  })

  it.concurrent('for a password in a URL, which nobody sees either', async () => {
    const [carried, clean] = await Promise.all([here.repository({}), deployed('clean')])
    const url = carried.url.replace('://', `://${BASIC.username}:wr0ng-secret@`)
    await here.deploy('carried', url, { 'write-back-target': 'kustomization:/app' })
    const runs = [
      await here.run('update', 'carried', 'clean', '--yes'),
      await here.world.run(['explain', 'carried']),
      await here.world.run(['check', 'carried', '-o', 'json']),
    ]
    expect(runs[0]?.stderr).toContain('carries a password. Keep it in a repository Secret of Argo CD')
    for (const { stderr, stdout } of runs) expect(stdout + stderr).not.toContain('wr0ng-secret')
    expect(await clean.subjects()).toHaveLength(2)
  })

  it.concurrent('for a protected branch, with what the server says', async () => {
    const [closed, open] = await Promise.all([deployed('closed'), deployed('open')])
    const hook = join(closed.folder, 'hooks', 'pre-receive')
    await writeFile(hook, '#!/bin/sh\necho "main is protected: use a pull request"\nexit 1\n')
    await chmod(hook, 0o755)
    const { code, stderr } = await here.run('update', 'closed', 'open', '--yes')
    const errors = stderr.split('\n').filter((line) => line.startsWith('error: '))
    expect(errors).toEqual([expect.stringMatching(/closed: .*main is protected: use a pull request/)])
    expect(code).toBe(1)
    expect(await closed.subjects()).toHaveLength(1)
    expect(await open.subjects()).toHaveLength(2)
  })

  it.concurrent('for a path that is not there', async () => {
    const [absent, present] = await Promise.all([
      deployed('absent', { 'write-back-target': 'kustomization:/nowhere' }),
      deployed('present'),
    ])
    const { code, stderr } = await here.run('update', 'absent', 'present', '--yes')
    const errors = stderr.split('\n').filter((line) => line.startsWith('error: '))
    expect(errors).toEqual([expect.stringMatching(/absent: .*nowhere/)])
    expect(code).toBe(1)
    expect(await absent.subjects()).toHaveLength(1)
    expect(await present.subjects()).toHaveLength(2)
  })
})

describe('--git-credentials=local', () => {
  it.concurrent('asks the credential helper of the own git, and nobody else', async () => {
    const own = await here.repository({ 'app/kustomization.yaml': KUSTOMIZATION })
    await wrongLogin('not-asked', own.url)
    await here.deploy('local', own.url, { 'write-back-target': 'kustomization:/app' })
    const store = join(here.world.home, 'logins')
    const login = new URL(here.server.origin)
    login.username = BASIC.username
    login.password = BASIC.password
    await writeFile(store, `${login}\n`, { mode: 0o600 })
    const config = join(here.world.home, '.gitconfig')
    await writeFile(config, `[credential]\n\thelper = store --file=${store}\n`, { flag: 'a' })
    const { code, stderr, stdout } = await here.run('update', 'local', '--yes', '--git-credentials', 'local')
    expect(stdout).toContain(`committed to main of ${own.url}, `)
    expect(stdout + stderr).not.toContain(login.password)
    expect(code).toBe(0)
    expect(await own.changedLines()).toHaveLength(2)
  })
})
