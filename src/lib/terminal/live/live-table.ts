import { type Binding, bindingOf, isRowAction, type LiveAction } from './bindings.ts'
import { ColumnMeasure, type NaturalWidths } from './columns.ts'
import type { Key } from './keys.ts'
import type { LiveHeader, LiveRow } from './live-row.ts'
import type { LiveText } from './live-text.ts'
import { type LogLine, LogMemory } from './log-memory.ts'
import type { Look } from './look.ts'
import { RowList } from './row-list.ts'
import { type BottomLine, divideScreen, drawTableScreen, type Screen, type Size } from './screen.ts'
import { fieldText, type TextField, textField, typed } from './text-field.ts'

/** Milliseconds. */
const NOTICE_LASTS = 5_000

/** What a key asks for that the table does not do by itself. */
export type TableRequest = LiveAction | { readonly kind: 'help' }

/** The table with its header, filter and log: what it holds, what keys do to it, and how it looks. */
export class LiveTable {
  header: LiveHeader = { applications: 0, images: 0, phase: 'running', place: '' }
  readonly #look: Look
  readonly #readOnly: boolean
  readonly #measure: ColumnMeasure
  readonly #list = new RowList()
  readonly #log = new LogMemory()
  #widths: NaturalWidths
  #logShown = true
  #filtering: TextField | undefined
  #notice: { readonly text: LiveText; readonly until: number } | undefined
  #size: Size = { columns: 0, rows: 0 }

  constructor(look: Look, readOnly: boolean) {
    this.#look = look
    this.#readOnly = readOnly
    this.#measure = new ColumnMeasure(look)
    this.#widths = this.#measure.of([])
  }

  setRows(rows: readonly LiveRow[]): void {
    this.#list.setRows(rows)
    this.#widths = this.#measure.of(rows)
  }

  log(line: LogLine): void {
    this.#log.add(line)
  }

  /** A line in place of the keys, for some seconds. */
  notice(text: LiveText): void {
    this.#notice = { text, until: Date.now() + NOTICE_LASTS }
  }

  forgetNotice(): void {
    this.#notice = undefined
  }

  press(key: Key): TableRequest | undefined {
    if (this.#filtering) {
      this.#pressInFilter(this.#filtering, key)
      return undefined
    }
    if (this.#move(key.name === 'text' ? key.text : key.name)) return undefined
    if (key.name === 'escape') this.#list.setFilter('')
    const binding = bindingOf(key)
    if (!binding) return undefined
    if (binding.writes && this.#readOnly) {
      this.notice(`This watch is read-only: ${binding.word} is not available.`)
      return undefined
    }
    return this.#do(binding.action)
  }

  /** @param typing what is asked for in the last line instead of a key */
  draw(size: Size, now: Date, typing?: BottomLine): Screen {
    this.#size = size
    const room = divideScreen(size, this.#logShown)
    const { shown, rows, filter } = this.#list
    return drawTableScreen(
      {
        bottom: typing ?? this.#bottom(now),
        header: this.header,
        log: this.#log.last(room.log),
        now,
        position: this.#position(),
        readOnly: this.#readOnly,
        room,
        size,
        table: {
          empty:
            rows.length > shown.length
              ? `No row has "${filter}".`
              : (this.header.nothing ?? 'No image here has a rule.'),
          widths: this.#widths,
          ...this.#list.visible(room.table),
        },
      },
      this.#look,
    )
  }

  #pressInFilter(field: TextField, key: Key): void {
    if (key.name === 'enter') this.#filtering = undefined
    else if (key.name === 'escape') {
      this.#filtering = undefined
      this.#list.setFilter('')
    } else if (key.name === 'home' || key.name === 'end' || !this.#move(key.name)) {
      this.#filtering = typed(field, key)
      this.#list.setFilter(fieldText(this.#filtering))
    }
  }

  #do(action: Binding['action']): TableRequest | undefined {
    const { selectedRow: row, shown } = this.#list
    if (action === 'help') return { kind: 'help' }
    if (action === 'filter') this.#filtering = textField(this.#list.filter)
    else if (action === 'log') this.#logShown = !this.#logShown
    else if (!isRowAction(action)) return { kind: action, shown, ...(row && { row }) }
    else if (row) return { kind: action, row }
    else this.notice('There is no row to do this with.')
    return undefined
  }

  /** @returns whether the key moves the selection */
  #move(pressed: string): boolean {
    const page = Math.max(1, divideScreen(this.#size, this.#logShown).table - 1)
    const distances: Readonly<Record<string, number>> = {
      down: 1,
      end: Number.MAX_SAFE_INTEGER,
      G: Number.MAX_SAFE_INTEGER,
      g: Number.MIN_SAFE_INTEGER,
      home: Number.MIN_SAFE_INTEGER,
      j: 1,
      k: -1,
      'page-down': page,
      'page-up': -page,
      up: -1,
    }
    const distance = distances[pressed]
    if (distance !== undefined) this.#list.move(distance)
    return distance !== undefined
  }

  #bottom(now: Date): BottomLine {
    if (this.#filtering) return { field: this.#filtering, kind: 'input', label: '/' }
    const notice = this.#notice
    return notice && notice.until > now.getTime() ? { kind: 'notice', text: notice.text } : { kind: 'keys' }
  }

  /** `3/12 of 40  /shop`: which row of those shown, of how many, and why not all. */
  #position(): string {
    const { shown, rows, selected, filter } = this.#list
    const place = `${Math.min(selected + 1, shown.length)}/${shown.length}`
    if (filter === '') return rows.length > 0 ? place : ''
    return `${place} of ${rows.length}${this.#filtering ? '' : `  /${filter}`}`
  }
}
