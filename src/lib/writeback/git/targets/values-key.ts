import { TargetError } from './target-error.ts'

/** One step of a dotted key: a member of a map, or an item of a list. */
export type KeyStep = string | number

/**
 * Reads a key of a values file: `web.images[0].tag`. A dot cannot be escaped; one index may follow a name.
 *
 * @throws TargetError for an empty part, or an index that is no whole number
 */
export function parseValuesKey(key: string, file: string): readonly KeyStep[] {
  return key.split('.').flatMap((part): KeyStep[] => {
    const [, name = part, index] = /^([^[]+)\[(.*)\]$/.exec(part) ?? []
    if (name === '') {
      throw new TargetError({
        code: 'bad-key',
        file,
        place: key,
        why: 'a part of the key is empty',
        instead: 'Write names with one dot between them, for example image.tag',
      })
    }
    if (index === undefined) return [name]
    if (/^-?\d+$/.test(index)) return [name, Number(index)]
    throw new TargetError({
      code: 'index-not-an-integer',
      file,
      place: key,
      why: `[${index}] is no index of a list`,
      instead: 'Write a number, counted from 0, for example images[0].tag',
    })
  })
}
