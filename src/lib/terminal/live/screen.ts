import { inputLine, keyHelpLine, noticeLine } from './bottom-line.ts'
import { headerLine } from './header-line.ts'
import type { LiveHeader } from './live-row.ts'
import { cleaned, drawnLine, type LiveText, type Tone } from './live-text.ts'
import type { LogLine } from './log-memory.ts'
import type { Look } from './look.ts'
import { tableLines, type VisibleTable } from './table-lines.ts'
import type { TextField } from './text-field.ts'
import { cutEnd } from './width.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

/** What stands on a terminal: one text a line, each exactly as wide as the terminal. */
export interface Screen {
  readonly lines: readonly string[]
  /** Where a person types, counted from 0; without it the cursor is hidden. */
  readonly cursor?: { readonly line: number; readonly column: number }
}

/** What the last line is used for. */
export type BottomLine =
  | { readonly kind: 'keys' }
  | { readonly kind: 'notice'; readonly text: LiveText }
  | { readonly kind: 'input'; readonly label: string; readonly field: TextField }

export interface TableScreen {
  readonly size: Size
  readonly now: Date
  readonly header: LiveHeader
  readonly readOnly: boolean
  readonly table: VisibleTable
  /** The last ones, oldest first, no more than have room. */
  readonly log: readonly LogLine[]
  readonly room: ScreenRoom
  readonly bottom: BottomLine
  /** Which row of how many is selected, and what filter hides the others. */
  readonly position: string
}

/** How many lines of rows and of log a screen has; the log has a line above it that separates it. */
export interface ScreenRoom {
  readonly table: number
  readonly log: number
}

export function divideScreen({ rows }: Size, logWanted: boolean): ScreenRoom {
  const log = !logWanted || rows < 14 ? 0 : rows < 40 ? 3 : 8
  return { log, table: Math.max(1, rows - 3 - (log > 0 ? log + 1 : 0)) }
}

/** The table with all around it. Everything that is needed is in the argument: the same state is the same screen. */
export function drawTableScreen(state: TableScreen, look: Look): Screen {
  const { size, now, header, bottom, room } = state
  const width = size.columns
  const lines = [
    headerLine(header, state.readOnly, width, now, look),
    ...tableLines(state.table, width, room.table, now, look),
  ]
  if (room.log > 0) {
    lines.push(look.paint('dim', look.glyphs.rule.repeat(width)))
    const shown = state.log.slice(-room.log).map((line) => logLine(line, width, look))
    while (shown.length < room.log) shown.push(' '.repeat(width))
    lines.push(...shown)
  }
  const last = Math.max(0, size.rows - 1)
  const above = lines.slice(0, last)
  const position = cutEnd(look.clean(state.position), Math.floor(width / 3), look.glyphs.ellipsis)
  switch (bottom.kind) {
    case 'keys':
      return { lines: [...above, keyHelpLine(state.readOnly, position, width, look)] }
    case 'notice':
      return { lines: [...above, noticeLine(bottom.text, position, width, look)] }
    case 'input': {
      const { line, cursor } = inputLine(bottom.label, bottom.field, position, width, look)
      return { cursor: { column: cursor, line: last }, lines: [...above, line] }
    }
  }
}

function logLine({ at, text }: LogLine, width: number, look: Look): string {
  const stamp: { text: string; tone: Tone } = { text: ` ${at.toTimeString().slice(0, 8)}  `, tone: 'dim' }
  return drawnLine([stamp, ...cleaned(text, look)], width, look)
}
