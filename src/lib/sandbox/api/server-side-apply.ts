import { equalJson, isObject, type Json, type JsonObject, setKey } from '../json.ts'
import { fieldValues, pathText, removePaths } from './field-set.ts'
import { type FieldManager, ownedFields, sameManager } from './managed-fields.ts'
import { isMergedSet, mergeKeysOf } from './merge-keys.ts'
import type { ResourceType } from './resource-type.ts'
import { ApiStatusError } from './status.ts'

/** What a server-side apply makes of the live object, and the paths its manager owns from now on. */
export interface Applied {
  readonly object: JsonObject
  readonly paths: ReadonlySet<string>
}

/**
 * Server-side apply: the configuration is merged into the live object; what this manager applied before
 * and leaves out now goes, unless someone else owns it too.
 * @throws ApiStatusError 409 when it would change what another manager owns and `force` is not given.
 */
export function applyConfiguration(
  type: ResourceType,
  live: JsonObject | undefined,
  configuration: JsonObject,
  manager: FieldManager,
  force: boolean,
): Applied {
  const wanted = fieldValues(configuration, type.custom)
  const paths = new Set(wanted.keys())
  if (!live) return { object: configuration, paths }
  const entries = ownedFields(live)
  const others = entries.filter((entry) => !sameManager(entry, manager))
  if (!force) {
    const current = fieldValues(live, type.custom)
    const conflicts = others.flatMap((entry) =>
      [...wanted]
        .filter(([path, value]) => entry.paths.has(path) && !equalJson(current.get(path), value))
        .map(([path]) => ({ manager: entry.name, apiVersion: entry.apiVersion, path })),
    )
    if (conflicts.length > 0) throw applyConflict(conflicts)
  }
  const object = merge(live, configuration, type.custom)
  const previous = entries.find((entry) => sameManager(entry, manager))?.paths ?? new Set<string>()
  const abandoned = [...previous].filter(
    (path) => !paths.has(path) && !others.some((entry) => entry.paths.has(path)),
  )
  removePaths(object, abandoned)
  return { object, paths }
}

function merge(live: JsonObject, configuration: JsonObject, custom: boolean): JsonObject {
  const merged = structuredClone(live)
  for (const [key, value] of Object.entries(configuration)) {
    setKey(merged, key, mergeValue(key, merged[key], value, !custom || key === 'metadata'))
  }
  return merged
}

function mergeValue(field: string, live: Json | undefined, wanted: Json, known: boolean): Json {
  const keys = known ? mergeKeysOf(field) : undefined
  if (isObject(wanted) && isObject(live)) {
    const merged = { ...live }
    for (const [key, value] of Object.entries(wanted)) {
      setKey(merged, key, mergeValue(key, merged[key], value, known))
    }
    return merged
  }
  if (Array.isArray(wanted) && Array.isArray(live) && keys) {
    const merged = [...live]
    for (const item of wanted) {
      const index = merged.findIndex((candidate) => sameKeys(keys, candidate, item))
      if (index < 0) merged.push(item)
      else merged[index] = mergeValue('', merged[index], item, known)
    }
    return merged
  }
  if (Array.isArray(wanted) && Array.isArray(live) && known && isMergedSet(field)) {
    return [...live, ...wanted.filter((item) => !live.some((other) => equalJson(other, item)))]
  }
  return structuredClone(wanted)
}

function sameKeys(keys: readonly string[], a: Json, b: Json): boolean {
  const [first = ''] = keys
  if (!isObject(a) || !isObject(b) || a[first] !== b[first]) return false
  // A key that one side leaves out (a port's protocol) is filled in by defaults: it does not tell apart.
  return keys.every((key) => a[key] === undefined || b[key] === undefined || a[key] === b[key])
}

function applyConflict(
  conflicts: readonly { manager: string; apiVersion: string; path: string }[],
): ApiStatusError {
  const causes = conflicts.map(({ manager, apiVersion, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with "${manager}" using ${apiVersion}`,
    field: pathText(path),
  }))
  const count = causes.length === 1 ? '1 conflict' : `${causes.length} conflicts`
  const text = causes.map((cause) => `${cause.message}: ${cause.field}`).join('; ')
  return new ApiStatusError(409, 'Conflict', `Apply failed with ${count}: ${text}`, { causes })
}
