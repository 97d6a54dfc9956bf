import { printable } from '../escape.ts'
import type { Report, ReportEntry } from './report.ts'

/** GitHub refuses a job summary above 1 MiB and a comment above 65 536 characters. */
const MOST_ROWS = 200

/** A report in GitHub's Markdown, for a job summary or a comment: what needs eyes first, what is well as a number. */
export function markdownReport({ counts, entries, headers, title }: Report): string {
  const of = (level: ReportEntry['level']) => entries.filter((entry) => entry.level === level)
  const shown = [...of('error'), ...of('warning'), ...of('note')]
  const lines = [`## ${title}`, '', counts, '']
  if (shown.length > 0) {
    lines.push(row(headers), row(headers.map(() => '---')).replaceAll(' ', ''))
    lines.push(...shown.slice(0, MOST_ROWS).map(({ cells }) => row(cells.map(cell))), '')
    const more = shown.length - MOST_ROWS
    if (more > 0) lines.push(`… and ${more} more`, '')
  }
  return lines.join('\n')
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/**
 * Text from outside in a cell: every character that could be markup is a character reference, and the whole is
 * code, in which GitHub makes no mention of `@name` and no link of `#1` or an address.
 */
function cell(text: string): string {
  if (text === '') return '-'
  const escaped = printable(text).replace(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`)
  return `<code>${escaped}</code>`
}
