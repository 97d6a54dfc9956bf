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
  return text ? renderTextDiff(title, text, paint) : renderDiff(title, write.fields, paint)
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
