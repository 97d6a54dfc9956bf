import { readChangeRecord } from '../application/change-record.ts'
import type { ApplicationStore, WrittenText } from '../engine/application-store.ts'
import type { ObjectWrite } from '../writeback/write.ts'
import type { Paint } from './colour.ts'
import { renderDiff } from './diff.ts'
import { printable } from './escape.ts'
import { writeTitle } from './outcomes.ts'

/** The diff of a write as a person reads it before saying yes: the fields of an object, or the lines of a file. */
export function renderWrite(store: ApplicationStore, write: ObjectWrite, paint: Paint): string {
  const title = writeTitle(write)
  const text = store.textOf(write)
  if (text) return renderTextDiff(title, text, paint)
  return renderDiff(title, write.fields, paint) + recordLine(write, paint)
}

/** That the change is noted in the Application itself, in one line instead of its JSON. */
function recordLine({ read, record = [] }: ObjectWrite, paint: Paint): string {
  if (record.length === 0) return ''
  const { problem } = readChangeRecord(read)
  const anew = problem === '' ? '' : `, begun anew (${problem})`
  const noted = record.map(({ from, image, to }) => `${image} ${from || '-'} → ${to}`).join(', ')
  return `${paint('dim', printable(`    noted in its history: ${noted} by ${record[0]?.by}${anew}`))}\n`
}

function renderTextDiff(title: string, { changes, file }: WrittenText, paint: Paint): string {
  const lines = [`  ${printable(title)}`]
  for (const { added, line, removed } of changes) {
    lines.push(`    ${printable(`${file}:${line}`)}`)
    for (const text of removed) lines.push(paint('red', `-     ${printable(text)}`))
    for (const text of added) lines.push(paint('green', `+     ${printable(text)}`))
  }
  return `${lines.join('\n')}\n`
}
