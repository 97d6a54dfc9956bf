import { equalJson, isObject, type Json, type JsonObject, setKey } from '../json.ts'
import { isMergedSet, mergeKeysOf, sameItem } from './merge-keys.ts'
import { badRequest } from './status.ts'

const DIRECTIVE = '$patch'
const RETAIN_KEYS = '$retainKeys'
const ELEMENT_ORDER = '$setElementOrder/'
const DELETE_FROM_SET = '$deleteFromPrimitiveList/'

/**
 * Applies a strategic merge patch: like a merge patch, but lists with a merge key (containers, env, ports,
 * volumes, …) merge item by item, and `$patch`, `$retainKeys`, `$setElementOrder` and
 * `$deleteFromPrimitiveList` direct it. The value given is not changed.
 * @throws ApiStatusError 400 on an unknown directive or an item without its key.
 */
export function applyStrategicMergePatch(target: JsonObject, patch: Json): JsonObject {
  if (!isObject(patch)) throw badRequest('error decoding patch: json: the patch must be an object')
  return mergeObjects(target, patch)
}

function mergeObjects(target: JsonObject, patch: JsonObject): JsonObject {
  const directive = patch[DIRECTIVE]
  if (directive === 'replace') return withoutDirectives(patch)
  if (directive === 'delete') return {}
  if (directive !== undefined && directive !== 'merge') throw unknownDirective(directive)
  const merged = { ...target }
  const retained = patch[RETAIN_KEYS]
  if (Array.isArray(retained)) {
    for (const key of Object.keys(merged)) if (!retained.includes(key)) delete merged[key]
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key === DIRECTIVE || key === RETAIN_KEYS) continue
    if (key.startsWith(ELEMENT_ORDER)) continue
    if (key.startsWith(DELETE_FROM_SET)) {
      removeFromSet(merged, key.slice(DELETE_FROM_SET.length), value)
      continue
    }
    const current = Object.hasOwn(merged, key) ? merged[key] : undefined
    if (value === null) delete merged[key]
    else if (isObject(value)) setKey(merged, key, mergeObjects(isObject(current) ? current : {}, value))
    else if (Array.isArray(value))
      setKey(merged, key, mergeLists(key, Array.isArray(current) ? current : [], value))
    else setKey(merged, key, value)
  }
  for (const [key, order] of Object.entries(patch)) {
    if (key.startsWith(ELEMENT_ORDER)) reorder(merged, key.slice(ELEMENT_ORDER.length), order)
  }
  return merged
}

function mergeLists(field: string, current: readonly Json[], patch: readonly Json[]): Json[] {
  if (isMergedSet(field)) {
    return [...current, ...patch.filter((item) => !current.some((other) => equalJson(other, item)))]
  }
  const key = mergeKeysOf(field)?.[0]
  if (key === undefined) return patch.map(cleaned)
  if (patch.some((item) => isObject(item) && item[DIRECTIVE] === 'replace')) {
    return patch.filter((item) => !(isObject(item) && item[DIRECTIVE] === 'replace')).map(cleaned)
  }
  const merged = [...current]
  for (const item of patch) {
    if (!isObject(item) || item[key] === undefined) {
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`)
    }
    const index = merged.findIndex((candidate) => sameItem(key, candidate, item))
    const found = merged[index]
    if (item[DIRECTIVE] === 'delete') {
      if (index >= 0) merged.splice(index, 1)
    } else if (isObject(found)) merged[index] = mergeObjects(found, item)
    else merged.push(mergeObjects({}, item))
  }
  return merged
}

function cleaned(value: Json): Json {
  return isObject(value) ? withoutDirectives(value) : value
}

/** The object without `$patch` and without nulls: what a patch means where there is nothing to merge into. */
function withoutDirectives(patch: JsonObject): JsonObject {
  const { [DIRECTIVE]: _, ...rest } = patch
  return mergeObjects({}, rest)
}

function removeFromSet(object: JsonObject, field: string, values: Json): void {
  const current = object[field]
  if (!Array.isArray(current) || !Array.isArray(values)) return
  setKey(
    object,
    field,
    current.filter((item) => !values.some((value) => equalJson(item, value))),
  )
}

/** Items named by the order come in that order; those it does not know keep their place after them. */
function reorder(object: JsonObject, field: string, order: Json): void {
  const items = object[field]
  if (!Array.isArray(items) || !Array.isArray(order)) return
  const key = mergeKeysOf(field)?.[0]
  const place = (item: Json): number => {
    const index = order.findIndex((wanted) =>
      key === undefined ? equalJson(item, wanted) : sameItem(key, item, wanted),
    )
    return index < 0 ? order.length : index
  }
  setKey(
    object,
    field,
    items.toSorted((a, b) => place(a) - place(b)),
  )
}

function unknownDirective(directive: Json): Error {
  return badRequest(`Unknown patch type: ${JSON.stringify(directive)}`)
}
