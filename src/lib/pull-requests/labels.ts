/**
 * Those of `wanted` that are not there yet, each once and none empty, in the order given. Services compare names of
 * labels without regard to case.
 */
export function missingLabels(wanted: readonly string[], present: readonly string[]): string[] {
  const known = new Set(present.map((label) => label.toLowerCase()))
  const tidy = new Set(wanted.map((label) => label.trim()).filter((label) => label !== ''))
  return [...tidy].filter((label) => !known.has(label.toLowerCase()))
}
