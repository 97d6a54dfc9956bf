import { isTold, type WatchEvent } from '../engine/watch-event.ts'
import { checkColumns } from './checked-images.ts'
import type { Paint } from './colour.ts'
import { printableJson } from './escape.ts'
import { renderTable } from './table.ts'
import { watchEventDocument, watchLines, watchSummaryLine } from './watch-lines.ts'

/** Prints the events of a watch: a table at the start and the end and a line an event between, or JSON lines. */
export class WatchPrinter {
  readonly #out: { write(text: string): unknown }
  readonly #manner: 'people' | 'json'
  readonly #paint: Paint
  #tableShown = false
  /** Whether anything happened that the table at the start does not show. */
  #outdated = false

  constructor(out: { write(text: string): unknown }, manner: 'people' | 'json', paint: Paint) {
    this.#out = out
    this.#manner = manner
    this.#paint = paint
  }

  print(event: WatchEvent): void {
    if (!isTold(event)) return
    if (this.#manner === 'json') {
      this.#out.write(`${printableJson(JSON.stringify(watchEventDocument(event)))}\n`)
    } else if (event.type === 'cycle' && !this.#tableShown) {
      this.#tableShown = true
      this.#out.write(`${this.#table(event.images, event.at)}\n`)
    } else if (event.type === 'stopped') {
      if (this.#outdated) this.#out.write(`\n${this.#table(event.summary.images, event.at)}`)
      this.#out.write(`\n${watchSummaryLine(event.summary)}\n`)
    } else {
      this.#outdated ||= event.type === 'applied' || (event.type === 'cycle' && event.changed.length > 0)
      for (const line of watchLines(event, this.#paint)) this.#out.write(`${line}\n`)
    }
  }

  #table(images: Extract<WatchEvent, { type: 'cycle' }>['images'], now: Date): string {
    const namespaces = new Set(images.map(({ application }) => application.metadata.namespace))
    return renderTable(checkColumns(now, this.#paint, namespaces.size > 1), images)
  }
}
