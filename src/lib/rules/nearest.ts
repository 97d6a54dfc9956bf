/** The word that needs the fewest edits to become `text`: at most two, or a third of a longer text. */
export function nearestWord(text: string, words: readonly string[]): string | undefined {
  let best: string | undefined
  let fewest = Math.max(2, Math.floor(text.length / 3)) + 1
  for (const word of words) {
    if (Math.abs(word.length - text.length) >= fewest) continue
    const edits = editDistance(text, word)
    if (edits < fewest) {
      fewest = edits
      best = word
    }
  }
  return best
}

/** Levenshtein: insertions, deletions and replacements, by the row. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replace))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}
