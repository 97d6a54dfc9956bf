/** All that moves a cursor, hides, reorders or ends a line; the same set that the terminal escapes. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Co}\p{Cs}]/gu
const LINE_BREAKS = /[\r\n\t\v\f\u0085\u2028\u2029]+/g
/** Of the operator's own text only controls and what reorders it: emoji need joiners and variation selectors. */
const CONTROLS = /(?![\n\t])\p{Cc}|[\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Tried only where a run of space begins, so that long runs inside of a line cost no more than others. */
const SPACE_AT_END = /(?<![^\S\n])[^\S\n]+$/gm

/**
 * A value from a registry, a cluster or an annotation as one line that is safe in a commit or on a page:
 * no line break, no escape sequence, nothing invisible. It cannot begin a line of its own, so no trailer.
 */
export function cleanLine(text: string): string {
  return text.toWellFormed().replace(LINE_BREAKS, ' ').replace(UNPRINTABLE, '').trim()
}

/** A text of several lines, of which the values were cleaned before: line feeds and tabs stay. */
export function cleanText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(CONTROLS, '')
    .replace(SPACE_AT_END, '')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '')
}
