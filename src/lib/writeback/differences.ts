import type { FieldChange } from '../application/field-change.ts'

/**
 * Every leaf in which two plain values differ, as people write fields: `spec.sources[1].targetRevision`.
 * A member that is missing on one side is one difference, not one for each leaf below it.
 */
export function differences(before: unknown, after: unknown, field = ''): readonly FieldChange[] {
  if (isCollection(before) && isCollection(after) && Array.isArray(before) === Array.isArray(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...names].flatMap((name) =>
      differences(before[name], after[name], fieldOf(field, name, Array.isArray(before))),
    )
  }
  return Object.is(before, after) ? [] : [{ field, before: textOf(before), after: textOf(after) }]
}

type Collection = Readonly<Record<string, unknown>>

function isCollection(value: unknown): value is Collection {
  return typeof value === 'object' && value !== null
}

function fieldOf(parent: string, name: string, inList: boolean): string {
  if (inList) return `${parent}[${name}]`
  if (/[./]/.test(name)) return `${parent}[${name}]`
  return parent === '' ? name : `${parent}.${name}`
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
