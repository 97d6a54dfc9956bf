import { EventEmitter } from 'node:events'
import { chooseColour } from '../../../src/lib/terminal/colour.ts'
import { LiveView, type LiveViewOptions } from '../../../src/lib/terminal/live/live-view.ts'

/** A terminal and a process of which everything is recorded. */
export class FakeTerminal {
  readonly input = Object.assign(new EventEmitter(), {
    isTTY: true,
    pause: () => this.events.push('pause'),
    resume: () => this.events.push('resume'),
    setRawMode: (raw: boolean) => this.events.push(raw ? 'raw' : 'cooked'),
  })
  readonly output = Object.assign(new EventEmitter(), {
    columns: 80,
    isTTY: true,
    rows: 24,
    writableNeedDrain: false,
    write: (text: string) => {
      this.written += text
      if (text.includes(ENTER)) this.events.push('enter')
      if (text.includes(LEAVE)) this.events.push('leave')
      return true
    },
  })
  readonly process = Object.assign(new EventEmitter(), {
    kill: (pid: number, signal: string) => this.events.push(`kill ${pid} ${signal}`),
    pid: 4711,
    platform: 'linux' as NodeJS.Platform,
  })
  /** Everything written since it was last taken. */
  written = ''
  readonly events: string[] = []

  /** A view on this terminal, without colour, that captures nothing but `captured`. */
  view(options: Partial<LiveViewOptions> = {}): LiveView {
    return new LiveView({
      captured: [],
      environment: { LANG: 'C.UTF-8' },
      paint: chooseColour('never', {}, {}),
      world: this,
      ...options,
    })
  }

  type(bytes: string): void {
    this.input.emit('data', Buffer.from(bytes))
  }

  take(): string {
    const { written } = this
    this.written = ''
    return written
  }

  takeEvents(): string[] {
    return this.events.splice(0)
  }
}

export const ENTER = '\u001b[?1049h'
export const LEAVE = '\u001b[?25h\u001b[?1049l'
