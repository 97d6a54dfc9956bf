import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { world, writing } from './operator.ts'
import { git } from './plain-git.ts'
import { BASIC } from './server.ts'

const edit = writing('app/values.yaml', 'tag: "1.1"\n')

describe('what a server refuses is said in one line', () => {
  it('wrong credentials', async () => {
    const { change } = await world()
    const access = { ...BASIC, password: 'wr0ng-secret' }
    await expect(change({ access, edit })).rejects.toMatchObject({
      kind: 'credentials',
      message: expect.stringMatching(
        /^cannot read the branches of http:\S+: the server does not accept the credentials/,
      ),
    })
  })

  it('but a user in the URL does not stand in the way of the credentials', async () => {
    const { change, server } = await world()
    const url = `${server.origin.replace('://', '://somebody@')}/gitops.git`
    expect(await change({ url, edit })).toMatchObject({ pushed: true })
  })

  it('no credentials', async () => {
    const { change } = await world()
    await expect(change({ access: { kind: 'none' }, edit })).rejects.toMatchObject({ kind: 'credentials' })
  })

  it('no such repository', async () => {
    const { change, server } = await world()
    await expect(change({ url: `${server.origin}/gone.git`, edit })).rejects.toMatchObject({
      kind: 'no-repository',
    })
  })

  it('an empty repository', async () => {
    const { change, server } = await world()
    await git(server.folder, 'init', '--quiet', '--bare', '--initial-branch=main', 'empty.git')
    await expect(change({ url: `${server.origin}/empty.git`, edit })).rejects.toMatchObject({
      kind: 'no-branch',
    })
  })

  it('a protected branch, with what the hook says', async () => {
    const { change, repository } = await world()
    const hook = join(repository, 'hooks', 'pre-receive')
    await writeFile(hook, '#!/bin/sh\necho "main is protected: use a pull request"\nexit 1\n')
    await chmod(hook, 0o755)
    await expect(change({ edit })).rejects.toMatchObject({
      kind: 'protected',
      message: expect.stringContaining('(pre-receive hook declined: main is protected: use a pull request)'),
    })
  })

  it('a branch that is locked on the server is tried again', async () => {
    const { change, repository } = await world()
    await writeFile(join(repository, 'refs', 'heads', 'main.lock'), '')
    await expect(change({ retries: 1, edit })).rejects.toMatchObject({ kind: 'rejected' })
  })

  it('an unreachable server', async () => {
    const { change, server } = await world()
    await server[Symbol.asyncDispose]()
    await expect(change({ edit })).rejects.toMatchObject({ kind: 'unreachable' })
  })

  it('a key for an HTTPS URL', async () => {
    const { change } = await world()
    const access = { kind: 'ssh', privateKey: 'x', knownHosts: '' } as const
    await expect(change({ access, edit })).rejects.toMatchObject({
      kind: 'credentials',
      message: expect.stringContaining('are an SSH key, which does not fit its URL'),
    })
  })
})
