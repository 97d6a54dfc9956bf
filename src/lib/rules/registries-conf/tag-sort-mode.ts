import type { TagSortMode } from './registry-entry.ts'

export const TAG_SORT_MODES: readonly TagSortMode[] = ['latest-first', 'latest-last', 'none']

/** Reads a tagsortmode, in any case; nothing means `none`. Undefined for a word that is not known. */
export function readTagSortMode(text: string): TagSortMode | undefined {
  const word = text.toLowerCase()
  return word === '' ? 'none' : TAG_SORT_MODES.find((mode) => mode === word)
}
