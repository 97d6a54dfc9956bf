import { mergeKeysOf, sameItem } from '../api/merge-keys.ts'
import { isObject, type Json, type JsonObject, setKey, valueAt } from '../json.ts'

/**
 * The patch that `kubectl apply` and Argo CD send: everything the new manifest states, and the removal of
 * what the last applied one stated and the new one does not. What others added to the live object stays.
 *
 * @param keyed whether lists merge by key (strategic merge) or are replaced (custom resources)
 */
export function threeWayPatch(lastApplied: JsonObject, wanted: JsonObject, keyed: boolean): JsonObject {
  const patch: JsonObject = {}
  for (const key of Object.keys(lastApplied)) if (!Object.hasOwn(wanted, key)) setKey(patch, key, null)
  for (const [key, value] of Object.entries(wanted))
    setKey(patch, key, patchValue(key, valueAt(lastApplied, key), value, keyed))
  return patch
}

function patchValue(field: string, last: Json | undefined, wanted: Json, keyed: boolean): Json {
  if (isObject(wanted)) return isObject(last) ? threeWayPatch(last, wanted, keyed) : wanted
  const key = keyed ? mergeKeysOf(field)?.[0] : undefined
  if (!Array.isArray(wanted) || !Array.isArray(last) || key === undefined) return wanted
  const merged = wanted.map((item) =>
    patchValue(
      '',
      last.find((other) => sameItem(key, other, item)),
      item,
      keyed,
    ),
  )
  const gone = last.filter((item) => isObject(item) && !wanted.some((other) => sameItem(key, other, item)))
  return [...merged, ...gone.map((item): Json => ({ $patch: 'delete', [key]: valueAt(item, key) ?? null }))]
}
