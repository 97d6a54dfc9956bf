import { humanDuration } from '../../age.ts'
import {
  COLUMN_GAP,
  COLUMNS,
  type NaturalWidths,
  NEXT,
  type PlacedColumn,
  placeColumns,
  STATE,
} from './columns.ts'
import type { LiveRow } from './live-row.ts'
import { plainLine, toned } from './live-text.ts'
import type { Look } from './look.ts'
import { cutEnd, cutMiddle, pad } from './width.ts'

/** The part of the table that is to be seen. */
export interface VisibleTable {
  readonly widths: NaturalWidths
  /** The rows on the screen, from the top. */
  readonly rows: readonly LiveRow[]
  /** Which of them is selected; -1 for none. */
  readonly selected: number
  /** What to say where there are no rows. */
  readonly empty: string
}

/** The header of the table and `height` lines of rows, each exactly `width` columns. */
export function tableLines(
  table: VisibleTable,
  width: number,
  height: number,
  now: Date,
  look: Look,
): string[] {
  const placed = placeColumns(table.widths, width - 1)
  const header = placed.map(({ column, width: room }) => {
    const title = COLUMNS[column]?.header ?? ''
    return pad(cutEnd(title, room, look.glyphs.ellipsis), room)
  })
  const lines = [plainLine(` ${header.join(COLUMN_GAP)}`, width, look, 'strong')]
  for (const [index, row] of table.rows.entries()) {
    lines.push(rowLine(row, index === table.selected, placed, width, now, look))
  }
  if (table.rows.length === 0) lines.push(plainLine(` ${look.clean(table.empty)}`, width, look, 'dim'))
  while (lines.length <= height) lines.push(' '.repeat(width))
  return lines.slice(0, height + 1)
}

function rowLine(
  row: LiveRow,
  selected: boolean,
  placed: readonly PlacedColumn[],
  width: number,
  now: Date,
  look: Look,
): string {
  const cells = placed.map(({ column, width: room }) => {
    if (column === STATE) return toned(stateCell(row, room, now, look), row.state.tone, look)
    if (column === NEXT) return cell(row.next ? timeLeft(row.next, now) : '', room, look)
    return cell(look.clean(COLUMNS[column]?.value(row) ?? '') || '-', room, look)
  })
  // A screen narrower than the least that the columns need: what can be told is which row it is.
  const used = 1 + placed.reduce((sum, one) => sum + one.width, COLUMN_GAP.length * (placed.length - 1))
  const marker = selected ? look.glyphs.selected : ' '
  const line =
    used > width
      ? plainLine(`${marker}${look.clean(row.application)} ${look.clean(row.image)}`, width, look)
      : marker + cells.join(COLUMN_GAP) + ' '.repeat(width - used)
  return selected ? look.paint('inverse', line) : line
}

function stateCell({ state }: LiveRow, room: number, now: Date, look: Look): string {
  const mark = state.mark ? `${look.glyphs.marks[state.mark]} ` : ''
  const time = state.since
    ? ` ${humanDuration(now.getTime() - state.since.getTime())}`
    : state.until
      ? ` ${timeLeft(state.until, now)}`
      : ''
  const text = cutEnd(
    look.clean(state.text),
    Math.max(0, room - mark.length - time.length),
    look.glyphs.ellipsis,
  )
  return pad(cutEnd(mark + text + time, room, look.glyphs.ellipsis), room)
}

function cell(text: string, room: number, look: Look): string {
  return pad(cutMiddle(text, room, look.glyphs.ellipsis), room)
}

/** Rounded up to the second, so that a countdown ends when the time has come. */
function timeLeft(moment: Date, now: Date): string {
  return humanDuration(Math.ceil((moment.getTime() - now.getTime()) / 1_000) * 1_000)
}
