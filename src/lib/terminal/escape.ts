// Controls (C0, C1, DEL), format characters (bidirectional overrides and isolates, zero-width ones, tags), line and
// paragraph separators, what fonts show nothing for (fillers, variation selectors), private use, lone surrogates.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Co}\p{Cs}]/gu
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '^[' }

/**
 * Text from outside (cluster, registry, files) made safe to show on one line of a terminal: nothing in it
 * can move the cursor, change colours, open a link, hide or reorder what stands beside it.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => NAMED[character] ?? escaped(character))
}

/**
 * JSON with the same protection: what could do harm is inside its strings, where an escape means the same.
 *
 * @param json the text that JSON.stringify made, in one line or several
 */
export function printableJson(json: string): string {
  return json.replace(UNPRINTABLE, (character) =>
    character === '\n' ? character : character.split('').map(escapedUnit).join(''),
  )
}

/** The same for text of several lines or columns: line feeds and tabs stay, everything else as in {@link printable}. */
export function printableLines(text: string): string {
  return text.replace(/[^\n\t]+/g, printable)
}

function escaped(character: string): string {
  return character.length === 1 ? escapedUnit(character) : `\\u{${character.codePointAt(0)?.toString(16)}}`
}

/** One UTF-16 code unit as JSON and JavaScript write it. */
function escapedUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
