import { mergeKeysOf, sameItem } from '../api/merge-keys.ts'
import { isObject, type Json, valueAt } from '../json.ts'

/**
 * Whether the live value has everything the wanted one states, whatever else it has: how Argo CD decides
 * that nothing drifted. Keyed lists compare item by item. API servers leave out zeros and what is empty, so a missing field equals
 * those.
 */
export function contains(live: Json | undefined, wanted: Json, field = ''): boolean {
  if (live === undefined || live === null) return isNothing(wanted)
  if (isObject(wanted)) {
    return (
      isObject(live) &&
      Object.entries(wanted).every(([key, value]) => contains(valueAt(live, key), value, key))
    )
  }
  if (!Array.isArray(wanted)) return live === wanted
  if (!Array.isArray(live)) return false
  const key = mergeKeysOf(field)?.[0]
  if (key === undefined) {
    return live.length === wanted.length && wanted.every((item, index) => contains(live[index], item))
  }
  return wanted.every((item) =>
    contains(
      live.find((candidate) => sameItem(key, candidate, item)),
      item,
    ),
  )
}

function isNothing(value: Json): boolean {
  if (value === null || value === 0 || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return isObject(value) && Object.values(value).every(isNothing)
}
