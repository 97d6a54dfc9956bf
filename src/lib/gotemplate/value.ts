/**
 * What a template works on: the values of Go that the data of a template is made of. Integers are `bigint`
 * and floats `number`, since Go tells them apart; nil is null. Nothing here is an ordinary object, so no
 * field of a template can reach a prototype or a function.
 */
export type GoValue = null | boolean | string | bigint | number | readonly GoValue[] | GoMap | GoStruct

/**
 * Go's map[string]string, or map[string]interface {} for JSON: a key that is not there reads as `missing`, which is
 * '' or nil; or asking for its field is an error, as with Go's `missingkey=error`.
 */
export class GoMap {
  readonly entries: ReadonlyMap<string, GoValue>
  readonly missing: '' | null | 'error'

  constructor(entries: Iterable<readonly [string, GoValue]>, missing: '' | null | 'error' = '') {
    this.missing = missing
    // Go prints and ranges over maps in the order of their keys.
    this.entries = new Map([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
  }
}

/** A struct: its fields are all there are, and asking for another one is an error. */
export class GoStruct {
  readonly name: string
  readonly fields: ReadonlyMap<string, GoValue>

  constructor(name: string, fields: Readonly<Record<string, GoValue>>) {
    this.name = name
    this.fields = new Map(Object.entries(fields))
  }
}

/** `if` and `and` and their like: false, 0, nil and what has the length 0 are false; a struct never is. */
export function isTrue(value: GoValue): boolean {
  if (value === null || value instanceof GoStruct) return value !== null
  if (value instanceof GoMap) return value.entries.size > 0
  if (typeof value === 'object') return value.length > 0
  return Boolean(value)
}

/** The name of the value's type, as Go's %T writes it. */
export function typeName(value: GoValue): string {
  if (value === null) return '<nil>'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'float64'
  if (value instanceof GoMap) return value.missing === '' ? 'map[string]string' : 'map[string]interface {}'
  return value instanceof GoStruct ? value.name : '[]interface {}'
}
