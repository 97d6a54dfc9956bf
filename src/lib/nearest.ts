/**
 * The word that needs the fewest edits to become `text`: at most two, or a third of a longer text. Of equally
 * near ones the first with the same first letter, which people seldom get wrong.
 */
export function nearestWord(text: string, words: readonly string[]): string | undefined {
  const near = nearestWords(text, words)
  return near.find((word) => word[0] === text[0]) ?? near[0]
}

/** All words that need equally few edits, and none fewer; each once, in their order. */
export function nearestWords(text: string, words: readonly string[]): readonly string[] {
  let best: string[] = []
  let fewest = Math.max(2, Math.floor(text.length / 3))
  for (const word of words) {
    if (Math.abs(word.length - text.length) > fewest) continue
    const edits = editDistance(text, word)
    if (edits < fewest) best = []
    if (edits <= fewest && !best.includes(word)) {
      fewest = edits
      best.push(word)
    }
  }
  return best
}

/** Insertions, deletions, replacements and swaps of two neighbours (optimal string alignment), by the row. */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = swapped ? (beforePrevious[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replace, swap))
    }
    beforePrevious = previous
    previous = row
  }
  return previous[b.length] ?? 0
}
