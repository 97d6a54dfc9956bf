import { FunctionError } from './function-error.ts'
import { GoMap, type GoValue, typeName } from './value.ts'

/** `len`: of a text the number of its bytes in UTF-8, as in Go. @throws FunctionError where there is no length */
export function lengthOf(value: GoValue): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value))
  if (value instanceof GoMap) return BigInt(value.entries.size)
  if (Array.isArray(value)) return BigInt(value.length)
  throw new FunctionError(`${typeName(value)} has no length`)
}

/**
 * `index x 1 "key"`: step by step into lists, maps and the bytes of a text.
 *
 * @throws FunctionError for a place that a list does not have; a key that a map does not have reads as ''.
 */
export function indexed(value: GoValue, places: readonly GoValue[]): GoValue {
  return places.reduce<GoValue>((from, place) => {
    if (from instanceof GoMap) {
      if (typeof place !== 'string') throw new FunctionError(`a key is a text, not ${typeName(place)}`)
      return from.entries.get(place) ?? (from.missing === '' ? '' : null)
    }
    if (typeof from === 'string') {
      const bytes = Buffer.from(from)
      return BigInt(bytes[positionIn(place, bytes.length - 1)] ?? 0)
    }
    if (!Array.isArray(from)) throw new FunctionError(`${typeName(from)} has nothing to index`)
    return (from as readonly GoValue[])[positionIn(place, from.length - 1)] ?? null
  }, value)
}

/** `slice x 1 2`: part of a list, or of the bytes of a text. @throws FunctionError for places outside of it */
export function sliced(value: GoValue, places: readonly GoValue[]): GoValue {
  if (typeof value === 'string') {
    if (places.length > 2) throw new FunctionError('of a text, slice takes two places')
    const bytes = Buffer.from(value)
    const [from, to] = boundsOf(places, bytes.length)
    return bytes.subarray(from, to).toString()
  }
  if (!Array.isArray(value)) throw new FunctionError(`${typeName(value)} cannot be sliced`)
  const [from, to] = boundsOf(places, value.length)
  return (value as readonly GoValue[]).slice(from, to)
}

function boundsOf(places: readonly GoValue[], length: number): readonly [number, number] {
  const [from = 0, to = length] = places.map((place) => positionIn(place, length))
  if (from > to) throw new FunctionError(`slice from ${from} to ${to}: the end comes first`)
  return [from, to]
}

function positionIn(place: GoValue, most: number): number {
  if (typeof place !== 'bigint') throw new FunctionError(`a place is an integer, not ${typeName(place)}`)
  if (place < 0n || place > BigInt(most)) throw new FunctionError(`there is nothing at ${place}`)
  return Number(place)
}
