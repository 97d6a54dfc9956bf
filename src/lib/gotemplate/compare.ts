import { FunctionError } from './function-error.ts'
import { type GoValue, typeName } from './value.ts'

type Basic = string | bigint | number | boolean

/**
 * Go's `==` on basic values and nil. Different kinds are an error and not unequal: an integer is never
 * compared with a float or a text.
 *
 * @throws FunctionError for values of different kinds, and for lists, maps and structs.
 */
export function equalValues(a: GoValue, b: GoValue): boolean {
  if (a === null || b === null) return a === b
  if (!isBasic(a) || !isBasic(b)) {
    throw new FunctionError(`${typeName(isBasic(a) ? b : a)} cannot be compared; compare one of its fields`)
  }
  checkSameKind(a, b)
  return a === b
}

/** Negative, 0 or positive. Texts are ordered by their bytes in UTF-8. @throws FunctionError as {@link equalValues} */
export function compareValues(a: GoValue, b: GoValue): number {
  for (const value of [a, b]) {
    if (!isBasic(value) || typeof value === 'boolean') {
      throw new FunctionError(`${typeName(value)} has no order; compare numbers or texts`)
    }
  }
  if (!isBasic(a) || !isBasic(b)) return 0
  checkSameKind(a, b)
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return a < b ? -1 : a > b ? 1 : 0
}

function isBasic(value: GoValue): value is Basic {
  return value !== null && typeof value !== 'object'
}

function checkSameKind(a: Basic, b: Basic): void {
  if (typeof a === typeof b) return
  throw new FunctionError(`${typeName(a)} and ${typeName(b)} cannot be compared`)
}
