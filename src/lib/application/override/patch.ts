import { isDeepStrictEqual } from 'node:util'
import type { FieldChange } from '../field-change.ts'
import type { JsonPatchOperation } from '../json-patch.ts'
import type { ObjectField } from '../object-field.ts'

/** A change to an Application: for the API server, and for the person who is asked. */
export interface OverridePatch {
  /** A `test` of each value that was read comes before what changes it. Empty: it already is so. */
  readonly operations: readonly JsonPatchOperation[]
  readonly fields: readonly FieldChange[]
}

const LISTS = { helm: 'parameters', kustomize: 'images', plugin: 'env' } as const

/** The smallest patch that turns one state of a source into another, for the lists that override images. */
export function overridePatch(before: ObjectField, after: ObjectField): OverridePatch {
  const patches = Object.entries(LISTS).map(([block, list]) => patchList(before, after, block, list))
  return {
    operations: patches.flatMap(({ operations }) => operations),
    fields: patches.flatMap(({ fields }) => fields),
  }
}

function patchList(before: ObjectField, after: ObjectField, block: string, list: string): OverridePatch {
  const old = before.member(block).member(list)
  const entries = after.member(block).member(list).items()
  if (isDeepStrictEqual(old.value, after.member(block).member(list).value))
    return { operations: [], fields: [] }
  const oldEntries = old.items()
  const fields = entries.flatMap((entry, index) => entryChanges(old.path, index, oldEntries[index], entry))
  if (before.member(block).value === undefined) {
    const value = { [list]: entries.map((entry) => entry.value) }
    return { operations: [{ op: 'add', path: before.member(block).pointer, value }], fields }
  }
  if (old.value === undefined) {
    const value = entries.map((entry) => entry.value)
    return { operations: [{ op: 'add', path: old.pointer, value }], fields }
  }
  return { operations: listOperations(old, entries), fields }
}

/** Entries keep their places, so the lists are compared place by place and the rest is appended. */
function listOperations(old: ObjectField, entries: readonly ObjectField[]): readonly JsonPatchOperation[] {
  const oldEntries = old.items()
  const replaced = oldEntries.flatMap((entry, index) => entryOperations(entry, entries[index] ?? entry))
  const added = entries.slice(oldEntries.length)
  const appended = added.map(
    (entry) => ({ op: 'add', path: `${old.pointer}/-`, value: entry.value }) as const,
  )
  // Only the whole list proves that nobody else has appended the same entry meanwhile.
  const test = { op: 'test', path: old.pointer, value: old.value } as const
  return appended.length === 0 ? replaced : [test, ...replaced, ...appended]
}

function entryOperations(old: ObjectField, entry: ObjectField): readonly JsonPatchOperation[] {
  if (isDeepStrictEqual(old.value, entry.value)) return []
  const test = { op: 'test', path: old.pointer, value: old.value } as const
  if (typeof entry.value === 'string') return [test, { op: 'replace', path: old.pointer, value: entry.value }]
  return [test, ...changedMembers(old, entry).map((name) => setMember(old.member(name), entry.member(name)))]
}

function setMember(old: ObjectField, wanted: ObjectField): JsonPatchOperation {
  const op = old.value === undefined ? 'add' : 'replace'
  return { op, path: old.pointer, value: wanted.value }
}

function entryChanges(
  listPath: string,
  index: number,
  old: ObjectField | undefined,
  entry: ObjectField,
): readonly FieldChange[] {
  if (isDeepStrictEqual(old?.value, entry.value)) return []
  if (typeof entry.value === 'string') {
    return [{ field: `${listPath}[${index}]`, before: old?.text() ?? '', after: entry.value }]
  }
  const field = `${listPath}[${entry.member('name').text()}]`
  if (old === undefined) return [{ field: `${field}.value`, before: '', after: entry.member('value').text() }]
  return changedMembers(old, entry).map((name) => ({
    field: `${field}.${name}`,
    before: String(old.member(name).value ?? ''),
    after: String(entry.member(name).value ?? ''),
  }))
}

function changedMembers(old: ObjectField, entry: ObjectField): readonly string[] {
  const names = Object.keys(entry.members() ?? {})
  return names.filter((name) => !isDeepStrictEqual(old.member(name).value, entry.member(name).value))
}
