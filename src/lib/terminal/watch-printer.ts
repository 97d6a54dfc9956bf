import type { CheckedImage } from '../engine/checked-image.ts'
import { isTold, type WatchEvent } from '../engine/watch-event.ts'
import { checkColumns, inSeveralNamespaces } from './checked-images.ts'
import type { Paint } from './colour.ts'
import type { EventText } from './event-text.ts'
import { renderTable } from './table.ts'
import { watchEventDocument, watchLines, watchSummaryLine, watchSummaryText } from './watch-lines.ts'

export interface WatchPrinterOptions {
  /** For people, or how the events are printed for programs. */
  readonly manner: 'people' | EventText
  readonly paint: Paint
  /** The context of an image where a watch has several; absent where it has one. */
  readonly contextOf?: (row: CheckedImage) => string
}

/** Prints the events of a watch: a table at the start and the end and a line an event between, or text for programs. */
export class WatchPrinter {
  readonly #out: { write(text: string): unknown }
  readonly #options: WatchPrinterOptions
  #tableShown = false
  /** Whether anything happened that the table at the start does not show. */
  #outdated = false

  constructor(out: { write(text: string): unknown }, options: WatchPrinterOptions) {
    this.#out = out
    this.#options = options
  }

  print(event: WatchEvent): void {
    if (!isTold(event)) return
    const { contextOf, manner, paint } = this.#options
    if (manner !== 'people') {
      this.#out.write(manner(watchEventDocument(event, contextOf)))
    } else if (event.type === 'cycle' && !this.#tableShown) {
      this.#tableShown = true
      const columns = checkColumns(event.at, paint, inSeveralNamespaces(event.images), contextOf)
      this.#out.write(`${renderTable(columns, event.images)}\n`)
    } else if (event.type === 'stopped') {
      const { summary } = event
      const text = this.#outdated
        ? watchSummaryText(summary, event.at, paint, contextOf)
        : `${watchSummaryLine(summary)}\n`
      this.#out.write(`\n${text}`)
    } else {
      this.#outdated ||= event.type === 'applied' || (event.type === 'cycle' && event.changed.length > 0)
      for (const line of watchLines(event, paint, contextOf && { contextOf })) this.#out.write(`${line}\n`)
    }
  }
}
