import type { CheckedImage } from '../../lib/engine/checked-image.ts'
import type { WatchEvent, WatchSummary } from '../../lib/engine/watch-event.ts'
import type { LeaseEvent } from '../../lib/engine/watch-lease.ts'
import type { Paint } from '../../lib/terminal/colour.ts'
import { printable } from '../../lib/terminal/escape.ts'
import type { EventText } from '../../lib/terminal/event-text.ts'
import { leaseDocument, leaseLine } from '../../lib/terminal/lease-lines.ts'
import { WatchPrinter } from '../../lib/terminal/watch-printer.ts'

/** Where a watch is shown: as lines, or as a live table. */
export interface WatchScreen {
  start(): void
  show(event: WatchEvent): void
  /** What happens to the turn in a cluster; its context where a watch has several, else ''. */
  turn(event: LeaseEvent, context: string): void
  /** A line that is no event of the watch: who cannot be notified, how to leave. */
  note(line: string): void
  /** The watch is over; the terminal is as it was before. */
  close(summary: WatchSummary): void
  /** Gives back what it took, whatever happened. */
  stop(): void
}

/** One line an event on standard output, and everything else on standard error. */
export function lineScreen(
  manner: 'people' | EventText,
  paint: Paint,
  contextOf: ((row: CheckedImage) => string) | undefined,
): WatchScreen {
  const printer = new WatchPrinter(process.stdout, { manner, paint, ...(contextOf && { contextOf }) })
  const note = (line: string) => void process.stderr.write(`${printable(line)}\n`)
  return {
    close: () => {},
    note,
    show: (event) => printer.print(event),
    start: () => {},
    stop: () => {},
    turn: (event, context) => {
      if (manner === 'people') note(leaseLine(event, context))
      else process.stdout.write(manner(leaseDocument(event, context)))
    },
  }
}
