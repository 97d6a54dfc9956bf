import type { FieldChange } from '../writeback/write.ts'
import type { Paint } from './colour.ts'
import { printable } from './escape.ts'

/**
 * The diff a person reads before saying yes: the object, then each field with the value it has and the
 * value it would get. A field that does not exist yet has only a `+` line.
 *
 * @param title what is written, `application shop`
 */
export function renderDiff(title: string, fields: readonly FieldChange[], paint: Paint): string {
  const lines = [`  ${printable(title)}`]
  for (const { field, before, after } of fields) {
    lines.push(`    ${printable(field)}`)
    if (before !== '') lines.push(paint('red', `-     ${printable(before)}`))
    if (after !== '') lines.push(paint('green', `+     ${printable(after)}`))
  }
  return `${lines.join('\n')}\n`
}
