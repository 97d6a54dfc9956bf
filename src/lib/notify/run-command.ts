import { spawn } from 'node:child_process'
import { plainLine } from './sentence.ts'

/** Bytes of a command's messages that are kept, and characters of them that are shown. */
const KEPT_MESSAGES = 4096
const SHOWN_MESSAGES = 200
/** Milliseconds after the end for which messages are still waited for: a child it left behind may hold them open. */
const LAST_WORDS = 500

/** One run of the operator's own program. */
export interface CommandRun {
  readonly program: string
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>
  readonly input: string
  /** Milliseconds. */
  readonly limit: number
  readonly platform: NodeJS.Platform
}

/**
 * Runs a program without a shell and without arguments, and waits for its end. Past its limit, or when
 * `signal` aborts, it is killed with all that it started.
 *
 * @returns why it failed, in one line; '' when it ended with 0.
 */
export function runCommand(run: CommandRun, signal: AbortSignal): Promise<string> {
  // A group of its own: Ctrl-C at our terminal is not meant for it, and its children can be ended with it.
  const group = run.platform !== 'win32'
  const child = spawn(run.program, [], {
    env: run.env,
    stdio: ['pipe', 'ignore', 'pipe'],
    shell: false,
    windowsHide: true,
    detached: group,
  })
  const { promise, resolve } = Promise.withResolvers<string>()
  let ending = ''
  let messages = ''
  const end = (why: string) => {
    ending ||= why
    killAll(child.pid, group)
  }
  const timer = setTimeout(() => end(`took longer than ${run.limit / 1000} s`), run.limit)
  const stop = () => end('was interrupted')
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  child.stdin.on('error', ignore).end(run.input)
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    messages = (messages + text).slice(-KEPT_MESSAGES)
  })
  child.on('exit', () => setTimeout(() => child.stderr.destroy(), LAST_WORDS).unref())
  child.on('error', (error: NodeJS.ErrnoException) => {
    ending ||= `could not be started (${error.code ?? error.name})`
    finish(null, null)
  })
  child.on('close', finish)
  function finish(code: number | null, killedBy: NodeJS.Signals | null): void {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    const said = plainLine(messages).slice(-SHOWN_MESSAGES)
    const failure =
      ending || (killedBy ? `was ended by ${killedBy}` : code ? `failed with exit code ${code}` : '')
    resolve(failure && said ? `${failure}: ${said}` : failure)
  }
  return promise
}

function killAll(pid: number | undefined, group: boolean): void {
  if (pid === undefined) return
  try {
    process.kill(group ? -pid : pid, 'SIGKILL')
  } catch {
    // It ended meanwhile.
  }
}

function ignore(): void {}
