import type { LiveRow } from './live-row.ts'
import type { Look } from './look.ts'
import { displayWidth } from './width.ts'

/** A column whose text is part of the row; NEXT and the times in STATE depend on the clock as well. */
export interface LiveColumn {
  readonly header: string
  /** Raw. */
  readonly value: (row: LiveRow) => string
  /** Narrower than this it is not shortened but left out. */
  readonly minimum: number
}

export const STATE = 6
export const NEXT = 7
/** As long as a span of time usually gets: `9m59s`, `2d23h`. */
const TIME_WIDTH = 5
const GAP = 2

export const COLUMNS: readonly LiveColumn[] = [
  { header: 'CONTEXT', value: (row) => row.context ?? '', minimum: 7 },
  { header: 'NAMESPACE', value: (row) => row.namespace ?? '', minimum: 7 },
  { header: 'APPLICATION', value: (row) => row.application, minimum: 8 },
  { header: 'IMAGE', value: (row) => row.image, minimum: 5 },
  { header: 'RUNNING', value: (row) => row.running, minimum: 7 },
  { header: 'AVAILABLE', value: (row) => row.available, minimum: 9 },
  { header: 'STATE', value: (row) => row.state.text, minimum: 12 },
  { header: 'NEXT', value: (row) => (row.next ? '0'.repeat(TIME_WIDTH) : ''), minimum: 4 },
]

/** On a very narrow screen columns go in this order: what a person needs to decide stays longest. */
const EXPENDABLE = [NEXT, 4, 1, 0, 5]

/** How wide the columns would like to be; 0: nothing to show. */
export type NaturalWidths = readonly number[]

/** Where a column stands and how wide it is. */
export interface PlacedColumn {
  readonly column: number
  readonly width: number
}

/** Measures rows; one that was measured already is looked up, for most of them stay as they are. */
export class ColumnMeasure {
  readonly #look: Look
  readonly #known = new WeakMap<LiveRow, NaturalWidths>()

  constructor(look: Look) {
    this.#look = look
  }

  of(rows: readonly LiveRow[]): NaturalWidths {
    const widest = COLUMNS.map(() => 0)
    for (const row of rows) {
      const widths = this.#widths(row)
      for (let column = 0; column < widest.length; column += 1) {
        const width = widths[column] ?? 0
        if (width > (widest[column] ?? 0)) widest[column] = width
      }
    }
    // Every table has the columns in the middle, even with nothing in them.
    return widest.map((width, column) =>
      width === 0 && (column < 2 || column === NEXT)
        ? 0
        : Math.max(width, COLUMNS[column]?.header.length ?? 0),
    )
  }

  #widths(row: LiveRow): NaturalWidths {
    const known = this.#known.get(row)
    if (known) return known
    const widths = COLUMNS.map(({ value }) => displayWidth(this.#look.clean(value(row))))
    widths[STATE] = (widths[STATE] ?? 0) + (row.state.mark ? 2 : 0)
    if (row.state.since ?? row.state.until) widths[STATE] += TIME_WIDTH + 1
    this.#known.set(row, widths)
    return widths
  }
}

/**
 * Shares out the width of a line. What does not fit is taken from the widest columns first; STATE, where the reason
 * stands, keeps at least a third of the line, and gets all that is left over.
 */
export function placeColumns(natural: NaturalWidths, width: number): PlacedColumn[] {
  const shown = COLUMNS.map((_column, index) => index).filter((index) => (natural[index] ?? 0) > 0)
  for (const column of EXPENDABLE) {
    if (least(shown, natural) <= width) break
    const place = shown.indexOf(column)
    if (place >= 0) shown.splice(place, 1)
  }
  const gaps = GAP * (shown.length - 1)
  const next = shown.includes(NEXT) ? (natural[NEXT] ?? 0) : 0
  const others = shown.filter((column) => column < STATE)
  const available = Math.max(0, width - gaps - next)
  const stateShare = Math.min(natural[STATE] ?? 0, Math.floor(width / 3))
  const limit = waterLevel(others, natural, available - stateShare)
  const widths = new Map(others.map((column) => [column, limited(column, natural, limit)]))
  const used = [...widths.values()].reduce((sum, one) => sum + one, 0)
  widths.set(STATE, Math.max(0, available - used))
  widths.set(NEXT, next)
  return shown.map((column) => ({ column, width: widths.get(column) ?? 0 }))
}

/** The blanks between two columns. */
export const COLUMN_GAP = ' '.repeat(GAP)

/** The greatest width at which none of these columns, cut to it, makes them wider than `available` together. */
function waterLevel(columns: readonly number[], natural: NaturalWidths, available: number): number {
  let level = Math.max(0, ...columns.map((column) => natural[column] ?? 0))
  const total = () => columns.reduce((sum, column) => sum + limited(column, natural, level), 0)
  while (level > 0 && total() > available) level -= 1
  return level
}

function limited(column: number, natural: NaturalWidths, level: number): number {
  return Math.min(natural[column] ?? 0, Math.max(COLUMNS[column]?.minimum ?? 0, level))
}

function least(shown: readonly number[], natural: NaturalWidths): number {
  const widths = shown.map((column) => limited(column, natural, 0))
  return widths.reduce((sum, width) => sum + width, GAP * (shown.length - 1))
}
