import { TargetError } from './target-error.ts'

/** Something that is to stand in a place: a key, a node, the name of an entry. */
export interface Placed<Place> {
  readonly place: Place
  /** How people write the place, where it is no text itself. */
  readonly name?: string
  readonly value: string
  /** Which image wants it, for messages. */
  readonly alias: string
}

/**
 * Each place once.
 *
 * @throws TargetError when two images want different texts in one place: they would replace each other for ever
 */
export function onePerPlace<Place>(wanted: readonly Placed<Place>[], file: string): readonly Placed<Place>[] {
  const places = new Map<Place, Placed<Place>>()
  for (const one of wanted) {
    const other = places.get(one.place)
    if (other === undefined) places.set(one.place, one)
    else if (other.value !== one.value) {
      throw new TargetError({
        code: 'conflicting-images',
        file,
        place: one.name ?? String(one.place),
        why: `two images want it: ${other.alias || other.value} and ${one.alias || one.value}`,
        instead: 'Give each image a place of its own',
      })
    }
  }
  return [...places.values()]
}
