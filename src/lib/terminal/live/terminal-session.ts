import { KeyReader } from './key-reader.ts'
import type { Key } from './keys.ts'
import type { Size } from './screen.ts'

/** Only data comes with a value. */
type Listener = (bytes: Buffer) => void

/** The keyboard; process.stdin is one. */
export interface LiveInput {
  readonly isTTY?: boolean
  setRawMode(raw: boolean): unknown
  on(name: string, listener: Listener): unknown
  off(name: string, listener: Listener): unknown
  resume(): unknown
  pause(): unknown
}

/** The screen; process.stdout is one. */
export interface LiveOutput {
  readonly isTTY?: boolean
  readonly columns: number
  readonly rows: number
  readonly writableNeedDrain: boolean
  write(text: string): boolean
  on(name: string, listener: Listener): unknown
  off(name: string, listener: Listener): unknown
}

/** The signals of this process; `process` is one. */
export interface LiveProcess {
  readonly pid: number
  readonly platform: NodeJS.Platform
  on(name: string, listener: () => void): unknown
  off(name: string, listener: () => void): unknown
  listenerCount(name: string): number
  kill(pid: number, signal: NodeJS.Signals): unknown
}

export interface TerminalWorld {
  readonly input: LiveInput
  readonly output: LiveOutput
  readonly process: LiveProcess
}

/** What becomes of the terminal. */
export interface TerminalEvents {
  readonly onKey: (key: Key) => void
  /** The size changed, or something else may have written: everything must be drawn again. */
  readonly onStale: () => void
  /** What was written has gone out: more can be. */
  readonly onDrain: () => void
  /** The process ends, whatever the reason: the last moment to give the terminal back. */
  readonly onDeath: () => void
  /** The terminal is gone, and nobody else sees to SIGHUP. @returns whether somebody ends the process now */
  readonly onHangUp: () => boolean
}

const CONTROL = '\u001b['
/** Alternate screen, no cursor, no wrapping of a line that a terminal finds wider than we do, pastes marked as such. */
const ENTER = ['?1049h', '?25l', '?7l', '?2004h'].map((mode) => CONTROL + mode).join('')
const LEAVE = ['?2026l', '0m', '?2004l', '?7h', '?25h', '?1049l'].map((mode) => CONTROL + mode).join('')
/** A stopped process has no timers: when this one ends, the process runs again, or could not be stopped. */
const STOPPED_BY_THEN = 250
const USUAL: Size = { columns: 80, rows: 24 }

/** The terminal in the state that a live screen needs, and the return to the state before, whatever happens. */
export class TerminalSession {
  readonly #world: TerminalWorld
  readonly #events: TerminalEvents
  readonly #write: (text: string) => boolean
  readonly #keys: KeyReader
  #phase: 'out' | 'in' | 'suspended' = 'out'
  #suspension: NodeJS.Timeout | undefined

  constructor(world: TerminalWorld, events: TerminalEvents) {
    this.#world = world
    this.#events = events
    // Taken now: later the stream may be captured.
    this.#write = world.output.write.bind(world.output)
    this.#keys = new KeyReader(events.onKey)
  }

  get size(): Size {
    const { columns, rows } = this.#world.output
    return columns > 0 && rows > 0 ? { columns, rows } : USUAL
  }

  /** Whether what was written before has not gone out yet: a slow line gets fewer frames, not late ones. */
  get busy(): boolean {
    return this.#world.output.writableNeedDrain
  }

  start(): void {
    const { input, output, process } = this.#world
    for (const [name, listener] of this.#signals()) process.on(name, listener)
    for (const name of ['end', 'close']) input.on(name, this.#hangUp)
    output.on('resize', this.#events.onStale)
    output.on('drain', this.#events.onDrain)
    for (const stream of [input, output]) {
      // It is still there when this is not the first start.
      stream.off('error', this.#hangUp)
      stream.on('error', this.#hangUp)
    }
    this.#enter()
  }

  /** Gives the terminal back. */
  end(): void {
    const { input, output, process } = this.#world
    clearTimeout(this.#suspension)
    for (const [name, listener] of this.#signals()) process.off(name, listener)
    for (const name of ['end', 'close']) input.off(name, this.#hangUp)
    output.off('resize', this.#events.onStale)
    output.off('drain', this.#events.onDrain)
    // The listeners for errors stay: what cannot be written or read any more needs no stack trace.
    this.#leave('out')
  }

  write(text: string): void {
    if (this.#phase === 'in') this.#write(text)
  }

  /** Gives the terminal to the shell until it lets this process go on, as Ctrl-Z does elsewhere. */
  readonly suspend = (): void => {
    const { process } = this.#world
    if (process.platform === 'win32' || this.#phase !== 'in') return
    this.#leave('suspended')
    process.off('SIGTSTP', this.suspend)
    // The whole group, as the terminal itself would: the programs that started this one stop with it.
    process.kill(0, 'SIGTSTP')
    this.#suspension = setTimeout(this.#continue, STOPPED_BY_THEN)
  }

  readonly #continue = (): void => {
    const { process, input } = this.#world
    if (this.#phase === 'out') return
    clearTimeout(this.#suspension)
    if (this.#phase === 'suspended') process.on('SIGTSTP', this.suspend)
    // The shell has set the terminal's modes; what is remembered of them is no longer true.
    else {
      input.off('data', this.#read)
      input.setRawMode(false)
    }
    this.#enter()
    // The size may have changed meanwhile, of which only processes in the foreground are told.
    if (process.platform !== 'win32') process.kill(process.pid, 'SIGWINCH')
    this.#events.onStale()
  }

  readonly #read = (bytes: Buffer | string): void => this.#keys.read(bytes)

  readonly #die = (): void => this.#events.onDeath()

  readonly #hangUp = (): void => {
    if (this.#phase !== 'out') this.#events.onHangUp()
  }

  readonly #hangUpBySignal = (): void => {
    if (this.#others('SIGHUP') > 0) this.#events.onDeath()
    else if (!this.#events.onHangUp()) this.#endBy('SIGHUP')
  }

  readonly #interrupt = (): void => this.#endBy('SIGINT')
  readonly #terminate = (): void => this.#endBy('SIGTERM')
  readonly #quit = (): void => this.#endBy('SIGQUIT')

  /** Lets a signal end the process as it would without us, unless somebody else sees to it. */
  #endBy(signal: NodeJS.Signals): void {
    if (this.#others(signal) > 0) return
    const { process } = this.#world
    this.#events.onDeath()
    process.kill(process.pid, signal)
  }

  #others(signal: NodeJS.Signals): number {
    return this.#world.process.listenerCount(signal) - (this.#phase === 'out' ? 0 : 1)
  }

  #signals(): [name: string, listener: () => void][] {
    const everywhere: [string, () => void][] = [
      ['SIGHUP', this.#hangUpBySignal],
      ['SIGINT', this.#interrupt],
      ['SIGTERM', this.#terminate],
      ['exit', this.#die],
      ['uncaughtExceptionMonitor', this.#die],
    ]
    if (this.#world.process.platform === 'win32') return everywhere
    return [...everywhere, ['SIGQUIT', this.#quit], ['SIGTSTP', this.suspend], ['SIGCONT', this.#continue]]
  }

  #enter(): void {
    const { input } = this.#world
    this.#phase = 'in'
    input.setRawMode(true)
    input.on('data', this.#read)
    input.resume()
    this.#write(ENTER)
  }

  #leave(next: 'out' | 'suspended'): void {
    const { input } = this.#world
    const wasIn = this.#phase === 'in'
    // First of all: a terminal that is gone says so again at each of the next steps.
    this.#phase = next
    if (!wasIn) return
    this.#keys.reset()
    input.off('data', this.#read)
    input.pause()
    try {
      input.setRawMode(false)
    } catch {
      // A terminal that is gone has no modes to restore.
    }
    this.#write(LEAVE)
  }
}
