import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, it, type TestContext, vi } from 'vitest'
import { needs } from '../../e2e/world/requirement.ts'
import { openProgram, type Terminal, type TerminalOptions } from '../../e2e/world/terminal.ts'

vi.setConfig({ testTimeout: 90_000 })
beforeEach((test) => needs('tmux', test))

const PROGRAM = fileURLToPath(new URL('live-program.ts', import.meta.url))
const SHELL = { alternateScreen: false, cursorVisible: true, wrapsLines: true }

interface Opened extends Terminal {
  /** Resolves once these are the last lines that the program wrote down. */
  notes(...lines: string[]): Promise<void>
  /** Resolves once the lines that are shown satisfy it. */
  sees(check: (lines: string[]) => void): Promise<void>
  processId(): Promise<number>
}

async function open(
  test: TestContext,
  options: TerminalOptions & { readonly manner?: string; readonly env?: Record<string, string> } = {},
): Promise<Opened> {
  const directory = mkdtempSync(join(tmpdir(), 'live-'))
  // The program may still be writing when its terminal is gone.
  test.onTestFinished(() => rmSync(directory, { recursive: true, maxRetries: 10 }))
  const diary = join(directory, 'diary')
  const env = { LANG: 'C.UTF-8', PATH: process.env['PATH'] ?? '', TZ: 'UTC', ...options.env }
  const words = [process.execPath, PROGRAM, diary, options.manner ?? 'usual']
  const terminal = await openProgram(words, env, { columns: 80, lines: 24, ...options })
  test.onTestFinished(() => terminal.close())
  await terminal.shows(/[●*] running/)
  const patient = { interval: 50, timeout: 30_000 }
  return {
    ...terminal,
    notes: (...lines) =>
      vi.waitFor(() => {
        const written = readFileSync(diary, 'utf8').trimEnd().split('\n')
        expect(written.slice(-lines.length)).toEqual(lines)
      }, patient),
    processId: async () => Number(/process (\d+)/.exec((await terminal.visible())[0] ?? '')?.[1]),
    sees: (check) => vi.waitFor(async () => check(await terminal.visible()), patient),
  }
}

describe.each([
  [80, 24],
  [200, 50],
])('a live screen of %i×%i', (columns, lines) => {
  it('is driven by its keys, and gives the terminal back', async (test) => {
    const live = await open(test, { columns, lines })
    expect(await live.modes()).toEqual({ alternateScreen: true, cursorVisible: false, wrapsLines: false })
    await live.sees((seen) => {
      expect(seen).toHaveLength(lines)
      expect(seen[1]).toMatch(/^ APPLICATION +IMAGE +RUNNING +AVAILABLE +STATE +NEXT$/)
      expect(seen[2]).toMatch(/^▸gitop\S+ +app .*◆ approve\? {2}a yes {2}s skip +\S+$/)
      expect(seen.join('\n')).toMatch(/\d\d:\d\d:\d\d {2}started/)
      expect(seen.at(-1)).toMatch(/ 1\/6$/)
    })

    await live.press('Down', 'j', 'Down', 'k')
    await live.sees((seen) => expect(seen[4]).toMatch(/^▸shop +api/))
    await live.press('End')
    await live.sees((seen) => expect(seen[7]).toMatch(/^▸legacy/))
    await live.press('PPage')
    await live.sees((seen) => expect(seen[2]).toMatch(/^▸gitop/))

    await live.press('Enter')
    await live.sees((seen) => expect(seen[0]).toBe(' gitops-praq-prod · app'))
    await live.press('NPage')
    await live.sees((seen) => expect(seen[1]).toBe(` tag of application-${lines - 2}/app`))
    await live.type('/-9')
    await live.sees((seen) => expect(seen.at(-1)).toMatch(/^ \/-9 /))
    await live.press('Enter')
    await live.sees((seen) => expect(seen.join('\n')).toMatch(/^▸tag of application-9/m))
    await live.press('Escape')
    await live.sees((seen) => expect(seen[1]).toMatch(/^ APPLICATION/))

    await live.press('/')
    await live.type('shop')
    await live.sees((seen) => {
      expect(seen[2]).toMatch(/^▸shop +web/)
      expect(seen[4]).toBe('')
    })
    await live.press('Enter', 'a')
    await live.shows('Apply 1.5.0 to shop in prod-eu?')
    await live.press('y')
    await live.notes('explain gitops-praq-prod/app', 'approve shop/web', 'approved: true')
    await live.sees((seen) => expect(seen[1]).toMatch(/^ APPLICATION/))
    await live.press('a')
    await live.shows('Apply 1.5.0 to shop in prod-eu?')
    await live.press('Enter')
    await live.notes('approved: false')
    await live.sees((seen) => expect(seen[1]).toMatch(/^ APPLICATION/))
    await live.press('h')
    await live.shows(' Why: ')
    expect(await live.modes()).toMatchObject({ cursorVisible: true })
    await live.paste('freeze until\nMay')
    await live.press('Enter')
    await live.notes('reason: freeze until May')
    await live.paste('Aasq\n')
    await live.press('d', 'A', 'p')
    await live.notes('reason: freeze until May', 'diff shop/web', 'approve-all shop/web', 'pause shop/web')
    await live.press('r')
    await live.shows('Warning: something was deprecated')
    await live.press('l')
    await live.sees((seen) => expect(seen.join('\n')).not.toContain('Warning'))
    await live.press('?')
    await live.shows('skip this tag, and wait for the next')
    await live.press('q')
    await live.sees((seen) => expect(seen[0]).toMatch(/^ image-updater/))
    await live.press('q')
    expect(await live.exitCode()).toBe(0)
    await live.notes('quit shop/web', 'left')
    expect(await live.modes()).toEqual(SHELL)
    // Nothing of it remains but its last words.
    expect((await live.screen()).trim()).toBe('Stopped with 0.\n[exit code 0]')
  })
})

describe('the terminal', () => {
  it('may change its size at any time', async (test) => {
    const live = await open(test)
    await live.resize(200, 50)
    await live.sees((seen) => {
      expect(seen).toHaveLength(50)
      expect(seen[2]).toContain('production@9f1c2b7a04de')
    })
    await live.resize(40, 10)
    await live.sees((seen) => expect(seen[9]).toMatch(/q quit +1\/6$/))
    await live.resize(80, 24)
    await live.sees((seen) => expect(seen[23]).toMatch(/h hold .* 1\/6$/))
  })

  it('belongs to the shell while the program is suspended, and is sane after it', async (test) => {
    const live = await open(test, { jobControl: true })
    await live.press('j')
    for (const reason of ['first', 'again']) {
      await live.press('C-z')
      expect(await live.exitCode(), reason).toBe(148)
      expect(await live.modes()).toEqual(SHELL)
      await live.resize(reason === 'first' ? 100 : 80, 24)
      await live.type('fg')
      await live.press('Enter')
      await live.sees((seen) => expect(seen[3]).toMatch(/^▸shop +web/))
      expect(await live.modes()).toMatchObject({ alternateScreen: true, cursorVisible: false })
    }
    await live.press('j', 'C-c')
    await live.sees((seen) => expect(seen.join('\n')).toContain('Stopped with 130.'))
    expect(await live.exitCode()).toBe(130)
    await live.type('stty -a')
    await live.press('Enter')
    await live.shows(/ icanon.* echo /s)
    expect(await live.modes()).toEqual(SHELL)
  })

  it.for<[key: string, code: number, words: string]>([
    ['s', 3, '[exit code 3]'],
    ['H', 1, 'thrown in the middle of a screen'],
  ])('is given back when the program ends on its own: %s', async ([key, code, words], test) => {
    const live = await open(test)
    await live.press(key)
    expect(await live.exitCode()).toBe(code)
    await live.shows(words)
    expect(await live.modes()).toEqual(SHELL)
  })

  it('is given back at SIGTERM', async (test) => {
    const live = await open(test)
    process.kill(await live.processId(), 'SIGTERM')
    expect(await live.exitCode()).toBe(143)
    expect(await live.modes()).toEqual(SHELL)
  })

  it('is given back at SIGHUP, which the program can see to', async (test) => {
    const live = await open(test)
    process.kill(await live.processId(), 'SIGHUP')
    expect(await live.exitCode()).toBe(129)
    await live.notes('hang-up', 'left')
    expect(await live.modes()).toEqual(SHELL)
  })

  it('may go away', async (test) => {
    const live = await open(test)
    const id = await live.processId()
    await live.hangUp()
    await live.notes('hang-up', 'left')
    await vi.waitFor(() => expect(() => process.kill(id, 0)).toThrow('ESRCH'), { timeout: 30_000 })
  })

  it('needs neither colour nor more than ASCII', async (test) => {
    const live = await open(test, { env: { LANG: 'C', NO_COLOR: '1' }, manner: 'read-only' })
    await live.press('a')
    await live.sees((seen) => {
      expect(seen.join('')).toMatch(/^[\x20-\x7e]*$/)
      expect(seen[2]).toMatch(/^>gitop.*\? approve\?/)
      expect(seen.at(-1)).toMatch(/This watch is read-only: approve is not available/)
    })
  })
})
