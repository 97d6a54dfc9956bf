import type { FieldChange } from '../../../application/field-change.ts'
import { differences } from '../../differences.ts'
import { openDocuments } from './open-document.ts'

/**
 * Every value in which two texts of a file differ, also what changes along because it shares an anchor. Where
 * the file holds several objects, the field begins with the object's: `Deployment web: spec.replicas`.
 */
export function changedFields(before: string, after: string, file: string): readonly FieldChange[] {
  const [old, now] = [before, after].map((text) => openDocuments(text, file).map(({ value }) => value))
  return (now ?? []).flatMap((value, index) => {
    const owner = (now?.length ?? 0) > 1 ? ownerOf(value) : ''
    return differences(withPlaces(old?.[index], value), value).map((change) => ({
      ...change,
      field: owner + change.field,
    }))
  })
}

/** The old value with the maps and lists of the new one, so that of something new every leaf is told. */
function withPlaces(before: unknown, after: unknown): unknown {
  if (Array.isArray(after)) {
    const old: readonly unknown[] = Array.isArray(before) ? before : []
    return isNothing(before) || Array.isArray(before)
      ? after.map((item, index) => withPlaces(counterpart(old, item, index, after.length), item))
      : before
  }
  if (!isRecord(after) || !(isNothing(before) || isRecord(before))) return before
  const old = before ?? {}
  const places = Object.entries(after).map(([name, member]) => [
    name,
    withPlaces(Object.hasOwn(old, name) ? old[name] : undefined, member),
  ])
  return { ...old, ...Object.fromEntries(places) }
}

/** The item of before that one of now goes back to. Where items were added between others, names tell. */
function counterpart(old: readonly unknown[], item: unknown, index: number, length: number): unknown {
  if (old.length === length || !isRecord(item) || typeof item['name'] !== 'string') return old[index]
  return old.find((one) => isRecord(one) && one['name'] === item['name'])
}

function ownerOf(value: unknown): string {
  if (!isRecord(value) || !isRecord(value['metadata'])) return ''
  return `${String(value['kind'] ?? '')} ${String(value['metadata']['name'] ?? '')}: `.trimStart()
}

function isNothing(value: unknown): value is null | undefined {
  return value === undefined || value === null
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
