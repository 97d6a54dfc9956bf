import { isObject, type Json, type JsonObject, setKey } from '../json.ts'
import { badRequest } from './status.ts'

/**
 * Applies a JSON Merge Patch (RFC 7386): objects merge, null removes, everything else replaces. The value
 * given is not changed.
 * @throws ApiStatusError 400 when the patch is not an object.
 */
export function applyMergePatch(target: JsonObject, patch: Json): JsonObject {
  if (!isObject(patch)) throw badRequest('error decoding patch: json: the patch must be an object')
  return mergeObjects(target, patch)
}

function mergeObjects(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = { ...target }
  for (const [key, value] of Object.entries(patch)) {
    const current = Object.hasOwn(merged, key) ? merged[key] : undefined
    if (value === null) delete merged[key]
    else if (isObject(value)) setKey(merged, key, mergeObjects(isObject(current) ? current : {}, value))
    else setKey(merged, key, value)
  }
  return merged
}
