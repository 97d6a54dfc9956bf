import type { FieldChange } from '../application/field-change.ts'
import { differences } from '../writeback/differences.ts'

/** The differences of two specs, down to single values also where a whole branch is new or gone. */
export function specFields(before: unknown, after: unknown): FieldChange[] {
  return differences(withBranchesOf(before, after), withBranchesOf(after, before), 'spec').filter(
    (change) => change.before !== change.after,
  )
}

/** The value, with an empty branch wherever the other has one and this has nothing. */
function withBranchesOf(value: unknown, other: unknown): unknown {
  if (typeof other !== 'object' || other === null) return value
  if (value !== undefined && (typeof value !== 'object' || Array.isArray(value) !== Array.isArray(other)))
    return value
  const own = (value ?? {}) as Readonly<Record<string, unknown>>
  const theirs = other as Readonly<Record<string, unknown>>
  const names = [...new Set([...Object.keys(own), ...Object.keys(theirs)])]
  const entries = names.map((name): [string, unknown] => [name, withBranchesOf(own[name], theirs[name])])
  if (!Array.isArray(other)) return Object.fromEntries(entries)
  return entries.map(([, entry]) => entry)
}
