import type { LiveText } from './live-text.ts'

/** One line of the log: when it happened, and what. */
export interface LogLine {
  readonly at: Date
  readonly text: LiveText
}

const REMEMBERED = 500

/** The last lines of the log; older ones are forgotten, however long a watch lasts. */
export class LogMemory {
  #lines: LogLine[] = []

  add(line: LogLine): void {
    this.#lines.push(line)
    // In batches: moving the whole list for each line would be dear.
    if (this.#lines.length >= 2 * REMEMBERED) this.#lines = this.#lines.slice(-REMEMBERED)
  }

  /** The last lines, oldest first. */
  last(count: number): readonly LogLine[] {
    return count > 0 ? this.#lines.slice(-Math.min(count, REMEMBERED)) : []
  }
}
