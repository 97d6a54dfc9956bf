import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Piece, readScreen } from './painted-screen.ts'

const run = promisify(execFile)
/** How long something may take to come up, milliseconds. */
const PATIENCE = 20_000
const LOOKS_EVERY = 40

export interface RecordedTerminalOptions {
  readonly columns: number
  readonly rows: number
  readonly environment: Readonly<Record<string, string>>
  /** Makes a screen independent of the machine it was taken on. */
  readonly normalise: (captured: string) => string
}

/** A shell in a real terminal (tmux) whose screen is read with its colours. */
export class RecordedTerminal {
  /** With the socket of tmux, which leaves it behind. */
  readonly #folder = mkdtempSync(join(tmpdir(), 'picture-'))
  readonly #normalise: RecordedTerminalOptions['normalise']

  private constructor(normalise: RecordedTerminalOptions['normalise']) {
    this.#normalise = normalise
  }

  /** @param words the program and its arguments */
  static async open(
    words: readonly string[],
    { columns, environment, normalise, rows }: RecordedTerminalOptions,
  ): Promise<RecordedTerminal> {
    const terminal = new RecordedTerminal(normalise)
    const variables = Object.entries({ ...environment, TERM: 'screen-256color' })
    const size = ['-x', String(columns), '-y', String(rows)]
    const clean = ['env', '-i', ...variables.map(([name, value]) => `${name}=${value}`)]
    await terminal.#tmux('new-session', '-d', ...size, ...clean, ...words)
    return terminal
  }

  async screen(): Promise<Piece[][]> {
    return readScreen(this.#normalise(await this.#tmux('capture-pane', '-N', '-e', '-p')))
  }

  /** The screen as soon as it shows the text. @throws with the screen when it does not */
  async shows(text: string | RegExp): Promise<Piece[][]> {
    const wanted =
      typeof text === 'string' ? (seen: string) => seen.includes(text) : (seen: string) => text.test(seen)
    const end = Date.now() + PATIENCE
    while (true) {
      const seen = await this.#tmux('capture-pane', '-p')
      if (wanted(seen)) return this.screen()
      if (Date.now() > end) throw new Error(`The terminal never showed ${text}. It shows:\n${seen}`)
      await sleep(LOOKS_EVERY)
    }
  }

  /** Types text as it is. */
  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', text)
  }

  /** Presses keys by tmux's names: `Enter`, `Down`. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys)
  }

  async close(): Promise<void> {
    await this.#tmux('kill-server').catch(() => {})
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #tmux(...args: string[]): Promise<string> {
    return (await run('tmux', ['-u', '-S', join(this.#folder, 'tmux'), '-f', '/dev/null', ...args])).stdout
  }
}
