/** git creates `<name>.lock` beside a branch, and file systems take 255 bytes for a name. */
const LONGEST_PART = 250

/**
 * Makes a text a legal branch name by the rules of git-check-ref-format(1), and one that no program takes for
 * an option: what may not stand in a name becomes `-`, so `sha256:ab12` is `sha256-ab12`. '' where nothing is left.
 *
 * @param longest in bytes
 */
export function legalBranchName(text: string, longest = 255): string {
  const replaced = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Z}\p{Cs}\p{Default_Ignorable_Code_Point}~^:?*[\]\\"'`$&;|<>(){}!#%]+/gu, '-')
  const name = tidied(replaced.split('/').map((part) => cutBytes(part, LONGEST_PART)))
  const cut = tidied(cutBytes(name, longest).split('/'))
  return cut === 'HEAD' || cut === '@' ? '' : cut
}

/** At most so many bytes of UTF-8, no character cut in two. */
export function cutBytes(text: string, longest: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= longest) return text
  let end = longest
  // 10xxxxxx continues a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end).toString()
}

/** No part may be empty, begin or end with a dot, or end with `.lock`; none begins with a dash, which the first may not. */
function tidied(parts: readonly string[]): string {
  return parts
    .map((part) =>
      part
        .replace(/\.{2,}/g, '.')
        .replace(/^[.-]+/, '')
        .replace(/(?:\.lock|[.-])+$/, ''),
    )
    .filter((part) => part !== '')
    .join('/')
}
