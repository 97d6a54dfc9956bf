import { equalJson, isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../json.ts'
import { fieldValues, fromFieldsV1, toFieldsV1 } from './field-set.ts'
import { apiVersionOf, type ResourceType } from './resource-type.ts'

/** Who writes, and how: what metadata.managedFields records. */
export interface FieldManager {
  readonly name: string
  readonly operation: 'Update' | 'Apply'
  /** '' or `status`. */
  readonly subresource: string
}

/** One entry of metadata.managedFields with its paths as a set. */
export interface OwnedFields extends FieldManager {
  readonly apiVersion: string
  readonly time: string
  readonly paths: ReadonlySet<string>
}

/** The entries recorded in the object. */
export function ownedFields(object: JsonObject | undefined): OwnedFields[] {
  return listAt(object, 'metadata', 'managedFields')
    .filter((entry) => isObject(entry))
    .map((entry) => ({
      name: textAt(entry, 'manager'),
      operation: entry['operation'] === 'Apply' ? 'Apply' : 'Update',
      subresource: textAt(entry, 'subresource'),
      apiVersion: textAt(entry, 'apiVersion'),
      time: textAt(entry, 'time'),
      paths: fromFieldsV1(objectAt(entry, 'fieldsV1')),
    }))
}

export function sameManager(a: FieldManager, b: FieldManager): boolean {
  return a.name === b.name && a.operation === b.operation && a.subresource === b.subresource
}

/**
 * metadata.managedFields after a write, by the rules of structured-merge-diff: what the write changed
 * belongs to its manager alone, what it removed to nobody, all else stays with who had it. As in a
 * kube-apiserver, defaults were filled in before, so an `Update` manager also owns the defaults of the
 * fields it left out when it created the object.
 *
 * @param applied the paths of a server-side apply, which its manager owns changed or not
 */
export function recordManager(
  type: ResourceType,
  before: JsonObject | undefined,
  after: JsonObject,
  manager: FieldManager,
  time: string,
  applied?: ReadonlySet<string>,
): Json[] {
  const old = fieldValues(before ?? {}, type.custom)
  const now = fieldValues(after, type.custom)
  const changed = new Set(
    [...now].filter(([path, value]) => !equalJson(old.get(path), value)).map(([path]) => path),
  )
  const removed = new Set([...old.keys()].filter((path) => !now.has(path)))
  const entries = ownedFields(before)
  const own = entries.find((entry) => sameManager(entry, manager))
  const ownPaths = applied ?? new Set([...(own?.paths ?? []), ...changed].filter((path) => now.has(path)))
  const touched = changed.size > 0 || removed.size > 0 || !equalPaths(own?.paths, ownPaths)
  const others = entries
    .filter((entry) => entry !== own)
    .map((entry) => ({
      ...entry,
      paths: new Set([...entry.paths].filter((path) => !changed.has(path) && !removed.has(path))),
    }))
  const mine: OwnedFields = {
    ...manager,
    apiVersion: apiVersionOf(type),
    time: touched || !own ? time : own.time,
    paths: ownPaths,
  }
  return [...others, mine]
    .filter((entry) => entry.paths.size > 0)
    .sort(byOperationTimeAndName)
    .map(toEntry)
}

/** The order in which a kube-apiserver keeps the entries. */
function byOperationTimeAndName(a: OwnedFields, b: OwnedFields): number {
  const rank = (entry: OwnedFields): string =>
    [entry.operation, entry.time, entry.name, entry.subresource].join(' ')
  return rank(a) < rank(b) ? -1 : 1
}

function toEntry(entry: OwnedFields): JsonObject {
  return {
    manager: entry.name,
    operation: entry.operation,
    apiVersion: entry.apiVersion,
    time: entry.time,
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(entry.paths),
    ...(entry.subresource ? { subresource: entry.subresource } : {}),
  }
}

function equalPaths(a: ReadonlySet<string> | undefined, b: ReadonlySet<string>): boolean {
  return a !== undefined && a.size === b.size && [...a].every((path) => b.has(path))
}
