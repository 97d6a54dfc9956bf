const TRAILER = /^([A-Za-z0-9][A-Za-z0-9-]*): \S/

/**
 * Parts the trailers that the operator's template ends with (`Changelog: changed`) from the rest of its text.
 *
 * Only keys that the template itself writes at the start of a line count, and none more often than there: a
 * label that reads `Signed-off-by: …` is no trailer, wherever a template puts it.
 *
 * @param text what the template made
 * @param template its own text
 */
export function partOwnTrailers(
  text: string,
  template: string,
): { readonly text: string; readonly trailers: readonly string[] } {
  const none = { text, trailers: [] }
  const start = text.lastIndexOf('\n\n')
  if (start < 0) return none
  const lines = text.slice(start + 2).split('\n')
  const keys = lines.map((line) => TRAILER.exec(line)?.[1])
  const written = template.split('\n').map((line) => TRAILER.exec(line.trim())?.[1])
  const count = (key: string | undefined, all: readonly unknown[]) =>
    all.filter((other) => other === key).length
  const isOwn = keys.every((key) => key !== undefined && count(key, keys) <= count(key, written))
  return isOwn ? { text: text.slice(0, start), trailers: lines } : none
}
