import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { vi } from 'vitest'
import { DEADLINE, PROGRAM } from './plugin.ts'
import type { World } from './world.ts'

const run = promisify(execFile)

/** The plugin in a real terminal of 140 columns and 45 lines, driven by tmux. */
export interface Terminal {
  /** What it shows and what has scrolled away, without colours. */
  screen(): Promise<string>
  /** Resolves once the screen shows it. @throws with the screen when it does not */
  shows(text: string | RegExp): Promise<void>
  /** Types text as it is. */
  type(text: string): Promise<void>
  /** Presses keys by tmux's names: `Enter`, `Down`, `C-c`. */
  press(...keys: string[]): Promise<void>
  /** Resolves with the exit code once the program has ended. */
  exitCode(): Promise<number>
  close(): Promise<void>
}

export async function openTerminal(world: World, args: readonly string[]): Promise<Terminal> {
  const socket = `e2e-${randomUUID()}`
  const tmux = async (...words: string[]) =>
    (await run('tmux', ['-L', socket, '-f', '/dev/null', ...words])).stdout
  const environment = Object.entries({ ...world.env, TERM: 'screen-256color' }).map(
    ([name, value]) => `${name}=${value}`,
  )
  const program = ['env', '-i', ...environment, process.execPath, PROGRAM, ...args].map(quoted).join(' ')
  // The shell stays after the program, so that its last words can be read. It ignores Ctrl-C, which is for the program.
  const script = `trap : INT; ${program}; echo "[exit code $?]"; exec cat`
  await tmux('new-session', '-d', '-x', '140', '-y', '45', `sh -c ${quoted(script)}`)
  const screen = () => tmux('capture-pane', '-p', '-S', '-')
  const shows = async (text: string | RegExp) => {
    let seen = ''
    try {
      await vi.waitFor(
        async () => {
          seen = await screen()
          if (typeof text === 'string' ? !seen.includes(text) : !text.test(seen)) throw new Error('not yet')
        },
        { interval: 100, timeout: DEADLINE },
      )
    } catch {
      throw new Error(`The terminal never showed ${String(text)}. It shows:\n${seen}`)
    }
  }
  return {
    screen,
    shows,
    type: async (text) => {
      await tmux('send-keys', '-l', text)
    },
    press: async (...keys) => {
      await tmux('send-keys', ...keys)
    },
    exitCode: async () => {
      await shows(/\[exit code \d+\]/)
      return Number(/\[exit code (\d+)\]/.exec(await screen())?.[1])
    },
    close: async () => {
      await tmux('kill-server').catch(() => undefined)
    },
  }
}

/** As one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
