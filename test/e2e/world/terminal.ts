import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { vi } from 'vitest'
import { PROGRAM_WORDS } from '../../program.ts'
import { DEADLINE } from './plugin.ts'
import type { World } from './world.ts'

const run = promisify(execFile)

/** A program in a real terminal, driven by tmux. */
export interface Terminal {
  /** What it shows and what has scrolled away, without colours. */
  screen(): Promise<string>
  /** Only what it shows now, line by line, without blanks at the ends. */
  visible(): Promise<string[]>
  /** Resolves once the screen shows it. @throws with the screen when it does not */
  shows(text: string | RegExp): Promise<void>
  /** Types text as it is. */
  type(text: string): Promise<void>
  /** Pastes text, marked as pasted if the program asked for that. */
  paste(text: string): Promise<void>
  /** Presses keys by tmux's names: `Enter`, `Down`, `C-c`. */
  press(...keys: string[]): Promise<void>
  resize(columns: number, lines: number): Promise<void>
  modes(): Promise<TerminalModes>
  /**
   * Resolves with the exit code once the program has ended. In a shell with job control: once its prompt is back,
   * which is 148 when the program was only suspended.
   */
  exitCode(): Promise<number>
  /** Of the program, as long as it runs. Not in a shell with job control. */
  processId(): Promise<number>
  /** Takes the terminal away from the program, as a broken connection does. */
  hangUp(): Promise<void>
  close(): Promise<void>
}

export interface TerminalModes {
  /** Whether a screen of its own hides what was shown before. */
  readonly alternateScreen: boolean
  readonly cursorVisible: boolean
  readonly wrapsLines: boolean
}

export interface TerminalOptions {
  /** Default 140. */
  readonly columns?: number
  /** Default 45. */
  readonly lines?: number
  /** The program is started from an interactive bash, so that Ctrl-Z suspends it, and `fg` continues it. */
  readonly jobControl?: boolean
  /** A file that gets every byte the program writes to the terminal. */
  readonly recording?: string
}

/** The plugin in a terminal. */
export function openTerminal(
  world: World,
  args: readonly string[],
  options: TerminalOptions = {},
): Promise<Terminal> {
  return openProgram([...PROGRAM_WORDS, ...args], world.env, options)
}

/**
 * Any program in a terminal.
 *
 * @param env all of its environment but TERM
 */
export async function openProgram(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  options: TerminalOptions = {},
): Promise<Terminal> {
  const { columns = 140, lines = 45, jobControl = false, recording } = options
  // tmux leaves its socket behind.
  const folder = await mkdtemp(join(tmpdir(), 'terminal-'))
  const socket = join(folder, 'tmux')
  const tmux = async (...args: string[]) =>
    (await run('tmux', ['-u', '-S', socket, '-f', '/dev/null', ...args])).stdout
  const program = words.map(quoted).join(' ')
  // The shell stays after the program, so that its last words can be read. It ignores Ctrl-C, which is for the program.
  const script = jobControl
    ? 'exec bash --noprofile --norc -i'
    : `trap : INT; ${program}; echo "[exit code $?]"; exec cat`
  const environment = Object.entries({ ...env, PS1: '[exit code $?] $ ', TERM: 'screen-256color' }).map(
    ([name, value]) => `${name}=${value}`,
  )
  const shell = ['env', '-i', ...environment, 'sh', '-c', script].map(quoted).join(' ')
  const recorded = recording ? [';', 'pipe-pane', `cat > ${quoted(recording)}`] : []
  await tmux('new-session', '-d', '-x', String(columns), '-y', String(lines), shell, ...recorded)
  const screen = () => tmux('capture-pane', '-p', '-S', '-')
  const visible = async () =>
    (await tmux('capture-pane', '-p'))
      .split('\n')
      .map((line) => line.trimEnd())
      .slice(0, -1)
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
  const type = async (text: string) => {
    await tmux('send-keys', '-l', text)
  }
  const press = async (...keys: string[]) => {
    await tmux('send-keys', ...keys)
  }
  if (jobControl) {
    await shows(PROMPT)
    await type(program)
    await press('Enter')
  }
  return {
    screen,
    visible,
    shows,
    type,
    paste: async (text) => {
      await tmux('set-buffer', text)
      await tmux('paste-buffer', '-p', '-r')
    },
    press,
    resize: async (width, height) => {
      await tmux('resize-window', '-x', String(width), '-y', String(height))
    },
    modes: async () => {
      const flags = await tmux('display-message', '-p', '#{alternate_on} #{cursor_flag} #{wrap_flag}')
      const [alternateScreen, cursorVisible, wrapsLines] = flags.split(/\s/).map((flag) => flag === '1')
      return {
        alternateScreen: alternateScreen === true,
        cursorVisible: cursorVisible === true,
        wrapsLines: wrapsLines === true,
      }
    },
    exitCode: async () => {
      const prompt = jobControl ? PROMPT : /\[exit code (\d+)\]/
      await shows(prompt)
      return Number(prompt.exec(await screen())?.[1])
    },
    processId: async () => {
      const shellId = (await tmux('display-message', '-p', '#{pane_pid}')).trim()
      return Number((await run('pgrep', ['-P', shellId])).stdout)
    },
    hangUp: async () => {
      await tmux('kill-pane')
    },
    close: async () => {
      await tmux('kill-server').catch(() => undefined)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The prompt of the interactive shell with nothing typed after it. */
const PROMPT = /\[exit code (\d+)\] \$\s*$/

/** As one word of a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
