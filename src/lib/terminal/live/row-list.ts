import type { LiveRow } from './live-row.ts'

/** Rows, which of them a filter leaves, which one is selected, and which one is the first on the screen. */
export class RowList {
  #rows: readonly LiveRow[] = []
  #shown: readonly LiveRow[] = []
  #filter = ''
  #selected = 0
  #top = 0
  readonly #searched = new WeakMap<LiveRow, string>()

  get rows(): readonly LiveRow[] {
    return this.#rows
  }

  /** The rows that the filter leaves. */
  get shown(): readonly LiveRow[] {
    return this.#shown
  }

  get filter(): string {
    return this.#filter
  }

  /** Its index among the shown ones. */
  get selected(): number {
    return this.#selected
  }

  get selectedRow(): LiveRow | undefined {
    return this.#shown[this.#selected]
  }

  /** New states of the rows. The selection stays with its row, and with its place when that row is gone. */
  setRows(rows: readonly LiveRow[]): void {
    this.#rows = rows
    this.#narrow()
  }

  /** Words, all of which a row must have somewhere, in any case of letters; '' shows every row. */
  setFilter(filter: string): void {
    this.#filter = filter
    this.#narrow()
  }

  move(by: number): void {
    this.#selected = Math.max(0, Math.min(this.#selected + by, this.#shown.length - 1))
  }

  /** The rows on a screen of that height, scrolled as little as the selection asks for. */
  visible(height: number): { readonly rows: readonly LiveRow[]; readonly selected: number } {
    if (this.#selected < this.#top) this.#top = this.#selected
    if (this.#selected >= this.#top + height) this.#top = this.#selected - height + 1
    this.#top = Math.max(0, Math.min(this.#top, this.#shown.length - height))
    const rows = this.#shown.slice(this.#top, this.#top + height)
    return { rows, selected: rows.length > 0 ? this.#selected - this.#top : -1 }
  }

  #narrow(): void {
    const { selectedRow } = this
    const offset = this.#selected - this.#top
    const words = this.#filter.toLowerCase().split(' ').filter(Boolean)
    this.#shown =
      words.length === 0
        ? this.#rows
        : this.#rows.filter((row) => words.every((word) => this.#searchText(row).includes(word)))
    const place = this.#shown.findIndex(({ key }) => key === selectedRow?.key)
    this.#selected = place >= 0 ? place : Math.max(0, Math.min(this.#selected, this.#shown.length - 1))
    // The selected row stays where it is on the screen, too, when rows before it come or go.
    this.#top = Math.max(0, this.#selected - offset)
  }

  #searchText(row: LiveRow): string {
    const known = this.#searched.get(row)
    if (known !== undefined) return known
    const { context = '', namespace = '', application, image, running, available, state } = row
    const text = [context, namespace, application, image, running, available, state.text]
      .join('\n')
      .toLowerCase()
    this.#searched.set(row, text)
    return text
  }
}
