import { amount } from '../../amount.ts'
import { printable } from '../escape.ts'
import { applicationText, type ReportEntry } from './report-entry.ts'

/** GitHub refuses a job summary above 1 MiB and a comment above 65 536 characters. */
const MOST_ROWS = 200

/** A report in GitHub's Markdown, for a job summary or a comment: what needs eyes first, what is current as a number. */
export function markdownReport(entries: readonly ReportEntry[]): string {
  const of = (result: ReportEntry['result']) => entries.filter((entry) => entry.result === result)
  const shown = [...of('error'), ...of('update'), ...of('kept')]
  const counts = [
    `${amount(of('update').length, 'update')} available`,
    `${of('kept').length} not updated`,
    `${of('current').length} up to date`,
    amount(of('error').length, 'error'),
  ].join(', ')
  const lines = ['## Image updates', '', counts, '']
  if (shown.length > 0) {
    lines.push('| Application | Image | Running | Available | Action |', '|---|---|---|---|---|')
    lines.push(...shown.slice(0, MOST_ROWS).map(tableRow), '')
    const more = shown.length - MOST_ROWS
    if (more > 0) lines.push(`… and ${more} more`, '')
  }
  return lines.join('\n')
}

function tableRow(entry: ReportEntry): string {
  const { available, image, place, result, running, text } = entry
  const where = place ? `${applicationText(entry)} (${place.file}:${place.line})` : applicationText(entry)
  const action = result === 'error' ? `ERROR ${text}` : text
  return `| ${[where, image, running, available, action].map(cell).join(' | ')} |`
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
