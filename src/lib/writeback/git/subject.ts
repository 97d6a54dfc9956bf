/** What git and the forges show of a subject without wrapping or cutting it. */
export const LONGEST_SUBJECT = 72

/**
 * The first of `candidates` that is short enough to be a subject, or the last one cut: at a space where one
 * is near the end, so that no version is shown by half.
 */
export function fittingSubject(candidates: readonly string[]): string {
  const fitting = candidates.find((candidate) => [...candidate].length <= LONGEST_SUBJECT)
  return fitting ?? cutAtSpace(candidates.at(-1) ?? '', LONGEST_SUBJECT)
}

/** At most `limit` characters, the last one `…` where something is missing. */
export function cutAtSpace(text: string, limit: number): string {
  const characters = [...text]
  if (characters.length <= limit) return text
  const head = characters.slice(0, limit - 1).join('')
  const space = head.lastIndexOf(' ')
  return `${(space > head.length / 2 ? head.slice(0, space) : head).trimEnd()}…`
}
