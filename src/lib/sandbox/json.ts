/** Plain JSON: what the sandbox stores, patches and sends. Stored values are never changed in place. */
export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [key: string]: Json
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a path of keys and indexes, undefined where something on the way is missing. */
export function valueAt(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let current = value
  for (const key of path) {
    if (Array.isArray(current) && typeof key === 'number') current = current[key]
    else if (isObject(current) && Object.hasOwn(current, key)) current = current[key]
    else return undefined
  }
  return current
}

/** The object at a path; an empty one where there is none. */
export function objectAt(value: Json | undefined, ...path: readonly (string | number)[]): JsonObject {
  const found = valueAt(value, ...path)
  return isObject(found) ? found : {}
}

/** The list at a path; an empty one where there is none. */
export function listAt(value: Json | undefined, ...path: readonly (string | number)[]): Json[] {
  const found = valueAt(value, ...path)
  return Array.isArray(found) ? found : []
}

/** The text at a path; '' where there is none. */
export function textAt(value: Json | undefined, ...path: readonly (string | number)[]): string {
  const found = valueAt(value, ...path)
  return typeof found === 'string' ? found : ''
}

/** The number at a path; `otherwise` where there is none. */
export function numberAt(
  value: Json | undefined,
  otherwise: number,
  ...path: readonly (string | number)[]
): number {
  const found = valueAt(value, ...path)
  return typeof found === 'number' ? found : otherwise
}

/** Whether both are the same JSON value; the order of keys does not matter. */
export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equalJson(item, b[index]))
  }
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equalJson(a[key], b[key]))
  )
}

/** JSON text with sorted keys: the same text for the same value. */
export function canonicalText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalText(value[key] ?? null)}`)
  return `{${members.join(',')}}`
}

/** Sets a key that may come from outside: `__proto__` becomes a plain key instead of a prototype. */
export function setKey(object: JsonObject, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}
