import type { CheckedImage } from '../lib/engine/checked-image.ts'
import type { WatchEvent, WatchSummary } from '../lib/engine/watch-event.ts'
import type { Paint } from '../lib/terminal/colour.ts'
import { printable } from '../lib/terminal/escape.ts'
import { WatchPrinter } from '../lib/terminal/watch-printer.ts'

/** Where a watch is shown: as lines, or as a live table. */
export interface WatchScreen {
  start(): void
  show(event: WatchEvent): void
  /** A line that is no event of the watch: what the lease says, or who cannot be notified. */
  note(line: string): void
  /** The watch is over; the terminal is as it was before. */
  close(summary: WatchSummary): void
  /** Gives back what it took, whatever happened. */
  stop(): void
}

/** One line an event on standard output, and everything else on standard error. */
export function lineScreen(
  manner: 'people' | 'json',
  paint: Paint,
  contextOf: ((row: CheckedImage) => string) | undefined,
): WatchScreen {
  const printer = new WatchPrinter(process.stdout, { manner, paint, ...(contextOf && { contextOf }) })
  return {
    close: () => {},
    note: (line) => void process.stderr.write(`${printable(line)}\n`),
    show: (event) => printer.print(event),
    start: () => {},
    stop: () => {},
  }
}
