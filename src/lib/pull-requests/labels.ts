/** Labels without blanks around them, empty ones and repetitions, in the order given. */
export function tidyLabels(labels: readonly string[]): string[] {
  return [...new Set(labels.map((label) => label.trim()).filter((label) => label !== ''))]
}

/** Those of `wanted` that are not there yet. Services compare names of labels without regard to case. */
export function missingLabels(wanted: readonly string[], present: readonly string[]): string[] {
  const known = new Set(present.map((label) => label.toLowerCase()))
  return tidyLabels(wanted).filter((label) => !known.has(label.toLowerCase()))
}
