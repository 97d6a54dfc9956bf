import { eastAsianWidth } from 'get-east-asian-width'

const NARROW = /^[\x20-\x7e]*$/
const COMBINING = /[\p{Mn}\p{Me}]/u

/** How many columns of a terminal a text takes: East Asian wide characters and emoji two, combining marks none. */
export function displayWidth(text: string): number {
  if (NARROW.test(text)) return text.length
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

/** The beginning of a text that is too long, with `ellipsis` (one column) for what is missing. */
export function cutEnd(text: string, limit: number, ellipsis: string): string {
  if (displayWidth(text) <= limit) return text
  return limit < 1 ? '' : head(text, limit - 1) + ellipsis
}

/** Both ends of a text that is too long, with `ellipsis` (one column) for what is missing between them. */
export function cutMiddle(text: string, limit: number, ellipsis: string): string {
  if (displayWidth(text) <= limit) return text
  if (limit < 1) return ''
  const left = Math.ceil((limit - 1) / 2)
  return head(text, left) + ellipsis + tail(text, limit - 1 - left)
}

/** The text with blanks up to the width; it must not be wider. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

/** As much of the beginning as fits into so many columns. */
export function head(text: string, limit: number): string {
  let width = 0
  let length = 0
  for (const character of text) {
    width += characterWidth(character)
    if (width > limit) break
    length += character.length
  }
  return text.slice(0, length)
}

function tail(text: string, limit: number): string {
  const characters = [...text]
  let width = 0
  let start = characters.length
  while (start > 0) {
    width += characterWidth(characters[start - 1] ?? '')
    if (width > limit) break
    start -= 1
  }
  // A mark without its letter would settle on the ellipsis.
  while (start < characters.length && characterWidth(characters[start] ?? '') === 0) start += 1
  return characters.slice(start).join('')
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x300) return 1
  return COMBINING.test(character) ? 0 : eastAsianWidth(code)
}
