import type { Paint } from '../colour.ts'
import type { LiveAction } from './bindings.ts'
import { type CapturedStream, captureOutput } from './captured-output.ts'
import { Input, Question } from './dialogue.ts'
import { DialogueQueue } from './dialogue-queue.ts'
import { FrameClock } from './frame-clock.ts'
import { helpLines } from './help-page.ts'
import type { Key } from './keys.ts'
import type { LiveHeader, LiveRow } from './live-row.ts'
import { LiveTable } from './live-table.ts'
import type { LiveText, Tone } from './live-text.ts'
import { chooseLook, type Look } from './look.ts'
import { Page } from './page.ts'
import { paintedLines } from './painted-text.ts'
import type { Screen } from './screen.ts'
import { ScreenWriter } from './screen-writer.ts'
import { TerminalSession, type TerminalWorld } from './terminal-session.ts'

export interface LiveViewOptions {
  readonly paint: Paint
  /** Tells which characters the terminal can show: LC_ALL, LC_CTYPE, LANG, TERM. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The keys that write are answered with a message. */
  readonly readOnly?: boolean
  /** What is written here meanwhile goes to the log. Default: standard output and error. */
  readonly captured?: readonly CapturedStream[]
  /** Default: the terminal and the signals of this process. */
  readonly world?: TerminalWorld
}

/** A page that is shown, for as long as it is. */
export interface ShownPage {
  /** Puts other text in place of what it shows; nothing happens once it was closed. */
  setLines(lines: readonly LiveText[]): void
  close(): void
}

export interface YesOrNo {
  readonly title: string
  /** What the question is about; scrolls above it. */
  readonly lines: readonly LiveText[]
  /** Always shown whole. */
  readonly question: string
}

/**
 * The live table on a terminal. It holds what is shown and moves about in it by itself; what a person decides is told
 * to the handler of {@link onKey}. Texts are given raw and escaped when drawn.
 */
export class LiveView {
  readonly #look: Look
  readonly #readOnly: boolean
  readonly #captured: readonly CapturedStream[]
  readonly #session: TerminalSession
  readonly #writer: ScreenWriter
  readonly #clock = new FrameClock(() => this.#draw())
  readonly #table: LiveTable
  readonly #dialogues = new DialogueQueue()
  #pages: Page[] = []
  #handler: ((action: LiveAction) => void) | undefined
  #release: (() => void) | undefined

  constructor(options: LiveViewOptions) {
    const world = options.world ?? { input: process.stdin, output: process.stdout, process }
    this.#look = chooseLook(options.paint, options.environment, world.process.platform)
    this.#readOnly = options.readOnly ?? false
    this.#captured = options.captured ?? [process.stdout, process.stderr]
    this.#table = new LiveTable(this.#look, this.#readOnly)
    this.#session = new TerminalSession(world, {
      onDeath: () => this.stop(),
      onDrain: () => this.#clock.request(),
      onHangUp: () => this.#hangUp(),
      onKey: (key) => this.#press(key),
      onStale: () => {
        this.#writer.forget()
        this.#clock.request()
      },
    })
    this.#writer = new ScreenWriter((text) => this.#session.write(text))
  }

  /** Takes the terminal, and everything that is written to the captured streams. */
  start(): void {
    if (this.#release) return
    this.#release = captureOutput(this.#captured, (text) => {
      for (const line of paintedLines(text)) this.log(line)
    })
    this.#session.start()
    this.#clock.start()
  }

  /** Gives the terminal back as it was. What is asked is answered with no. May be called at any time, and again. */
  stop(): void {
    const release = this.#release
    if (!release) return
    this.#release = undefined
    this.#clock.stop()
    this.#session.end()
    this.#writer.forget()
    release()
    this.#pages = []
    this.#dialogues.cancelAll()
  }

  /** Told of each decision of the person at the keyboard. */
  onKey(handler: (action: LiveAction) => void): void {
    this.#handler = handler
  }

  setHeader(header: LiveHeader): void {
    this.#table.header = header
    this.#clock.request()
  }

  /** All rows, in the order of the table. Rows that did not change should be the same objects as before. */
  setRows(rows: readonly LiveRow[]): void {
    this.#table.setRows(rows)
    this.#clock.request()
  }

  /** Adds a line to the log, with the time of day. */
  log(text: LiveText, tone?: Tone): void {
    const line = typeof text === 'string' && tone ? [{ text, tone }] : text
    this.#table.log({ at: new Date(), text: line })
    this.#clock.request()
  }

  /** Shows a line in place of the keys for some seconds, until the next key at most. */
  notice(text: LiveText): void {
    this.#table.notice(text)
    this.#clock.request()
  }

  /** Rings the bell of the terminal. */
  bell(): void {
    this.#session.write('\u0007')
  }

  /** Shows text over the whole screen until it is closed, by a person or by {@link ShownPage.close}. */
  showPage(title: string, lines: readonly LiveText[]): ShownPage {
    const page = new Page(title, lines)
    this.#pages.push(page)
    this.#clock.request()
    return {
      close: () => {
        this.#pages = this.#pages.filter((other) => other !== page)
        this.#clock.request()
      },
      setLines: (others) => {
        page.setLines(others)
        this.#clock.request()
      },
    }
  }

  /** Asks yes or no. No is the default, and the answer when the view stops. */
  ask({ title, lines, question }: YesOrNo): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.#begin(new Question(title, lines, question, resolve))
    return promise
  }

  /** Asks for one line of text in the last line. @returns undefined when it is not given */
  input({ label, initial = '' }: { label: string; initial?: string }): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<string | undefined>()
    this.#begin(new Input(label, initial, resolve))
    return promise
  }

  #begin(dialogue: Question | Input): void {
    if (this.#release) this.#dialogues.add(dialogue)
    else dialogue.cancel()
    this.#clock.request()
  }

  #hangUp(): boolean {
    this.stop()
    this.#handler?.({ kind: 'hang-up' })
    return this.#handler !== undefined
  }

  #press(key: Key): void {
    this.#clock.request()
    this.#table.forgetNotice()
    if (key.name === 'ctrl-c') {
      this.#dialogues.cancelAll()
      this.#handler?.({ kind: 'interrupt' })
    } else if (key.name === 'ctrl-z') this.#session.suspend()
    else if (key.name === 'ctrl-l') this.#writer.forget()
    else if (this.#dialogues.current) this.#dialogues.press(key)
    else if (this.#pages.length > 0) this.#pressInPage(key)
    else this.#pressInTable(key)
  }

  #pressInPage(key: Key): void {
    if (this.#pages.at(-1)?.press(key)) this.#pages.pop()
  }

  #pressInTable(key: Key): void {
    const request = this.#table.press(key)
    if (request?.kind === 'help') this.showPage('Keys', helpLines(this.#readOnly, this.#look))
    else if (request) this.#handler?.(request)
  }

  #draw(): void {
    // The stream asks for the next frame when it has room again.
    if (this.#session.busy) return
    this.#writer.show(this.#screen())
    this.#dialogues.drawn()
  }

  #screen(): Screen {
    const { size } = this.#session
    const now = new Date()
    const dialogue = this.#dialogues.current
    if (dialogue instanceof Question) return dialogue.page.draw(size, this.#look)
    if (dialogue) {
      return this.#table.draw(size, now, {
        field: dialogue.field,
        kind: 'input',
        label: `${dialogue.label}: `,
      })
    }
    return this.#pages.at(-1)?.draw(size, this.#look) ?? this.#table.draw(size, now)
  }
}
