import { existsSync } from 'node:fs'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { PROGRAM_WORDS } from '../program.ts'
import { startProgram } from './world/plugin.ts'
import { needs } from './world/requirement.ts'
import { openProgram } from './world/terminal.ts'
import { startWorld, type World } from './world/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld({ detours: true })
  const image = world.repository('web')
  await world.push('web', '1.0.0')
  await world.deploy({
    name: 'shop',
    images: { web: `${image}:1.0.0` },
    rules: { 'image-list': `web=${image}:1.x` },
  })
  await world.settle()
})
afterAll(() => world?.close())

/** Milliseconds: the limit of completion, and a busy machine's time to start and end it. */
const LONGEST = 3000 + 3000

async function timed(...words: string[]) {
  const start = performance.now()
  const { stdout, stderr } = await world.run(['__complete', ...words])
  expect(performance.now() - start).toBeLessThan(LONGEST)
  return { stderr, stdout }
}

describe('an API server that does not answer', () => {
  beforeEach(() => {
    if (world.api) world.api.intercept = () => new Promise(() => {})
    return () => {
      if (world.api) world.api.intercept = () => undefined
    }
  })

  it('is not waited for', async () => {
    expect(await timed('check', '')).toEqual({ stderr: '', stdout: ':4\n' })
    expect(world.api?.requests.at(-1)).toContain('/applications')
  })

  it('is left at once when somebody presses Ctrl-C', async () => {
    const before = world.api?.requests.length ?? 0
    const running = world.start(['__complete', 'check', ''])
    await running.until(() => expect(world.api?.requests.length).toBeGreaterThan(before))
    const start = performance.now()
    running.signal('SIGINT')
    expect(await running.finished).toEqual({ code: 0, stderr: '', stdout: ':4\n' })
    expect(performance.now() - start).toBeLessThan(1500)
  })

  it('is not needed for what a command saw before', async () => {
    if (world.api) world.api.intercept = () => undefined
    expect(await world.run(['check'])).toMatchObject({ code: 0 })
    if (world.api) world.api.intercept = () => new Promise(() => {})
    expect(await timed('hold', 'shop', '')).toEqual({ stderr: '', stdout: 'web\n:4\n' })
    expect(await timed('set', 'shop', 'web=')).toEqual({ stderr: '', stdout: 'web=1.0.0\n:36\n' })
  })
})

describe('a credential plugin that asks', () => {
  const file = (name: string) => join(world.home, name)

  /** A kubeconfig that gets its credentials from a shell script. */
  async function withPlugin(script: string, interactiveMode: string): Promise<string> {
    await writeFile(file('login'), `#!/bin/sh\n${script}`)
    await chmod(file('login'), 0o755)
    const kubeconfig = {
      'current-context': 'x',
      contexts: [{ name: 'x', context: { cluster: 'x', user: 'x', namespace: 'argocd' } }],
      clusters: [{ name: 'x', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [
        {
          name: 'x',
          user: {
            exec: { apiVersion: 'client.authentication.k8s.io/v1', command: file('login'), interactiveMode },
          },
        },
      ],
    }
    await writeFile(file('asking'), JSON.stringify(kubeconfig))
    return file('asking')
  }

  /** It says so, asks at the terminal and at standard input, and does not end by itself. */
  const ASKING = `
    echo $$ >"$HOME/plugin.pid"
    trap '' TERM
    printf 'Password: ' >&2
    (printf 'Password: ' >/dev/tty && read -r answer </dev/tty && echo "$answer" >"$HOME/answer") 2>/dev/null
    read -r answer
    sleep 600`

  it.each(['IfAvailable', 'Always', 'Never'])(
    'with interactiveMode %s is neither heard nor waited for',
    async (mode) => {
      const kubeconfig = await withPlugin(ASKING, mode)
      expect(await timed('check', '--kubeconfig', kubeconfig, '')).toEqual({ stderr: '', stdout: ':4\n' })
    },
  )

  it('cannot take the terminal, and ends with the completion', async (test) => {
    needs('tmux', test)
    const kubeconfig = await withPlugin(ASKING, 'IfAvailable')
    const program = [...PROGRAM_WORDS, '__complete', 'check', '--kubeconfig', kubeconfig, '']
    const terminal = await openProgram(program, world.env)
    try {
      expect(await terminal.exitCode()).toBe(0)
      expect(await terminal.screen()).toMatch(/^:4\n\[exit code 0\]\n/)
      const plugin = (await readFile(file('plugin.pid'), 'utf8')).trim()
      await vi.waitFor(async () => {
        const { stdout } = await startProgram('ps', ['-o', 'stat=', '-p', plugin], { env: world.env })
          .finished
        // Not there, or dead and not yet buried.
        expect(stdout).toMatch(/^(?:Z.*\n)?$/)
      })
      expect(existsSync(file('answer'))).toBe(false)
    } finally {
      await terminal.close()
    }
  })
})
