import { humanDuration } from '../src/lib/age.ts'
import type { Key } from '../src/lib/terminal/live/keys.ts'
import type { LiveRow } from '../src/lib/terminal/live/live-row.ts'
import type { Size } from '../src/lib/terminal/live/screen.ts'
import { type Column, renderTable } from '../src/lib/terminal/table.ts'
import type { LiveClient } from './live-client.ts'

/** The baseline: as `watch kubectl get` does, all rows are made into a table each time, and the whole screen is written. */
export class NaiveTable implements LiveClient {
  readonly #size: Size
  readonly #write: (text: string) => void
  #rows: readonly LiveRow[] = []
  #selected = 0
  #filter = ''
  #filtering = false

  constructor(size: Size, write: (text: string) => void) {
    this.#size = size
    this.#write = write
  }

  setRows(rows: readonly LiveRow[], now: Date): void {
    this.#rows = rows
    this.redraw(now)
  }

  press({ name, text }: Key, now: Date): void {
    if (name === 'down') this.#selected += 1
    if (name === 'escape') this.#filtering = false
    if (name === 'escape' || (text === '/' && !this.#filtering)) this.#filter = ''
    else this.#filter += text
    if (text === '/') this.#filtering = true
    this.redraw(now)
  }

  redraw(now: Date): void {
    const columns: Column<LiveRow>[] = [
      { header: 'NAMESPACE', value: (row) => row.namespace ?? '' },
      { header: 'APPLICATION', value: (row) => row.application },
      { header: 'IMAGE', value: (row) => row.image },
      { header: 'RUNNING', value: (row) => row.running },
      { header: 'AVAILABLE', value: (row) => row.available },
      { header: 'STATE', value: (row) => row.state.text },
      { header: 'NEXT', value: ({ next }) => (next ? humanDuration(next.getTime() - now.getTime()) : '') },
    ]
    const rows = this.#rows.filter(({ application }) => application.includes(this.#filter))
    const [header = '', ...lines] = renderTable(columns, rows).split('\n')
    const room = this.#size.rows - 3
    const top = Math.max(0, this.#selected - room + 1)
    const shown = lines
      .slice(top, top + room)
      .map((line, index) => `${top + index === this.#selected ? '▸' : ' '}${line}`)
    this.#write(`\u001b[H\u001b[2J${['image-updater', ` ${header}`, ...shown, 'q quit'].join('\r\n')}`)
  }
}
