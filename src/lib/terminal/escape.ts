// C0 and C1 controls, DEL, bidirectional overrides and isolates, zero-width and other invisible format characters.
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '^[' }

/**
 * Text from outside (cluster, registry, files) made safe to show on one line of a terminal: nothing in it
 * can move the cursor, change colours, open a link, hide or reorder what stands beside it.
 */
export function printable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (character) => NAMED[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}

/** The same for text of several lines: line feeds stay, everything else as in {@link printable}. */
export function printableLines(text: string): string {
  return text.split(/\r?\n/).map(printable).join('\n')
}
