import { printable } from './escape.ts'

/** One column of a table: its header in UPPERCASE and how a row fills it. */
export interface Column<Row> {
  readonly header: string
  readonly value: (row: Row) => string
  /** Applied to the padded cell, so that colour never disturbs the alignment. */
  readonly style?: (text: string, row: Row) => string
  /** Shown only with `-o wide`. */
  readonly wide?: boolean
}

export interface TableOptions {
  readonly wide?: boolean
  readonly headers?: boolean
}

const PADDING = 3

/**
 * Rows as kubectl prints them: UPPERCASE headers, columns as wide as their widest cell plus three blanks,
 * no trailing blanks. Cells are escaped here, so callers pass them raw.
 *
 * @returns the lines joined with line feeds, with a final one; '' without rows: a header alone tells nothing.
 */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: TableOptions = {},
): string {
  if (rows.length === 0) return ''
  const shown = columns.filter((column) => options.wide || !column.wide)
  const cells = rows.map((row) => shown.map((column) => printable(column.value(row)) || '-'))
  const widths = shown.map((column, index) =>
    cells.reduce(
      (widest, row) => Math.max(widest, width(row[index] ?? '')),
      options.headers === false ? 0 : column.header.length,
    ),
  )
  const pad = (text: string, index: number) =>
    index === shown.length - 1 ? text : text + ' '.repeat((widths[index] ?? 0) - width(text) + PADDING)
  const lines = rows.map((row, rowIndex) =>
    shown
      .map((column, index) => {
        const cell = pad(cells[rowIndex]?.[index] ?? '', index)
        return column.style ? column.style(cell, row) : cell
      })
      .join('')
      .trimEnd(),
  )
  if (options.headers !== false) {
    lines.unshift(
      shown
        .map((column, index) => pad(column.header, index))
        .join('')
        .trimEnd(),
    )
  }
  return `${lines.join('\n')}\n`
}

function width(text: string): number {
  return [...text].length
}
