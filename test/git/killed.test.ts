import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type Operator, world, writing } from './operator.ts'
import { git } from './plain-git.ts'

const PROGRAM = fileURLToPath(new URL('change-program.ts', import.meta.url))

function start({ env, server, cacheFolder }: Operator, course = ''): ChildProcess {
  const args = [PROGRAM, `${server.origin}/gitops.git`, cacheFolder, course]
  return spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
}

describe('a run that is killed in the middle', () => {
  it.each([
    ['while it reads the branches', 'git-upload-pack', 1],
    ['while it fetches', 'git-upload-pack', 2],
    ['while it pushes', 'git-receive-pack', 1],
  ])('%s leaves nothing that troubles the next one', async (_, service, count) => {
    const operator = await world()
    const { change, server, repository, cacheFolder } = operator
    const child = start(operator)
    let seen = 0
    server.before = async (request) => {
      if (request.startsWith('POST') && request.endsWith(service) && ++seen === count) child.kill('SIGKILL')
    }
    expect((await once(child, 'exit'))[1]).toBe('SIGKILL')
    server.before = async () => {}
    await change({ edit: writing('app/values.yaml', 'tag: "1.2"\n') })
    expect(await git(repository, 'show', 'main:app/values.yaml')).toBe('tag: "1.2"')
    expect(await readdir(join(cacheFolder, 'git'))).toEqual([expect.stringMatching(/^\w+\.git$/)])
    await git(repository, 'fsck', '--strict')
  })

  it('has changed nothing when it had not pushed, and what it kept in private goes with the next run', async () => {
    const operator = await world()
    const { env, home, repository, cacheFolder } = operator
    env['TMPDIR'] = join(home, 'tmp')
    await mkdir(env['TMPDIR'])
    await once(start(operator, 'die-while-editing'), 'exit')
    expect(await git(repository, 'rev-list', '--count', 'main')).toBe('1')
    expect((await readdir(join(cacheFolder, 'git'))).length).toBe(2)
    expect((await readdir(env['TMPDIR'])).length).toBe(1)
    await once(start(operator), 'exit')
    expect(await git(repository, 'rev-list', '--count', 'main')).toBe('2')
    expect((await readdir(join(cacheFolder, 'git'))).length).toBe(1)
    expect(await readdir(env['TMPDIR'])).toEqual([])
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('leaves no file and no git behind after %s, and pushes nothing', async (signal, code) => {
    const operator = await world()
    const { env, home, repository, server } = operator
    env['TMPDIR'] = join(home, 'tmp')
    await mkdir(env['TMPDIR'])
    const asked = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<void>()
    server.before = async (request) => {
      if (!request.startsWith('POST') || !request.endsWith('git-receive-pack')) return
      asked.resolve()
      await answer.promise
    }
    const child = start(operator)
    await asked.promise
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([code, null])
    answer.resolve()
    expect(await readdir(env['TMPDIR'])).toEqual([])
    expect(await git(repository, 'rev-list', '--count', 'main')).toBe('1')
  })

  it('two processes at once wait for one another', async () => {
    const operator = await world()
    const children = [start(operator), start(operator)]
    const outputs = await Promise.all(
      children.map(async (child) => {
        let text = ''
        child.stdout?.on('data', (piece: Buffer) => {
          text += piece
        })
        await once(child, 'close')
        return JSON.parse(text) as { pushed: boolean; attempts: number }
      }),
    )
    expect(outputs.map(({ pushed }) => pushed).sort()).toEqual([false, true])
    expect(outputs.map(({ attempts }) => attempts)).toEqual([1, 1])
  })
})
