import type { TemplateSource } from './template-error.ts'

/** What a literal says, and the offset behind it. */
interface Literal {
  readonly text: string
  readonly end: number
}

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }
const NUMBER =
  /[+-]?(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:[0-9][0-9_]*)?\.?[0-9_]*(?:[eE][+-]?[0-9]+)?)/y
const INTEGER = /^[+-]?(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[0-9]+)$/

/** Reads `"…"` with Go's escapes, or a raw `…` between backquotes. */
export function readString(source: TemplateSource, start: number): Literal {
  const { text } = source
  if (text[start] === '`') {
    const end = text.indexOf('`', start + 1)
    if (end < 0) throw source.error(start, 'the raw string does not end', 'Write ` after it')
    return { text: text.slice(start + 1, end).replaceAll('\r', ''), end: end + 1 }
  }
  let value = ''
  let at = start + 1
  while (text[at] !== '"') {
    if (at >= text.length || text[at] === '\n')
      throw source.error(start, 'the string does not end', 'Write " after it')
    const read = readOne(source, at, '"')
    value += read.character
    at = read.end
  }
  return { text: value, end: at + 1 }
}

/** Reads `'x'`: the text is the number of the character, in decimal digits. */
export function readCharacter(source: TemplateSource, start: number): Literal {
  const { character, end } = readOne(source, start + 1, "'")
  if (source.text[end] !== "'" || character === '') {
    throw source.error(start, "one character stands between ' and '", 'Write a text between " and "')
  }
  return { text: String(character.codePointAt(0)), end: end + 1 }
}

/** Reads a number in Go's syntax. The text is for BigInt or Number; complex numbers are refused. */
export function readNumber(
  source: TemplateSource,
  start: number,
): Literal & { readonly kind: 'integer' | 'float' } {
  NUMBER.lastIndex = start
  const written = NUMBER.exec(source.text)?.[0] ?? ''
  const end = start + written.length
  const digits = written.replaceAll('_', '').replace(/^\+/, '')
  if (/[\p{L}\p{Nd}_.]/u.test(source.text[end] ?? '')) throw source.error(start, 'this is not a number')
  const isFloat = !INTEGER.test(digits)
  if (isFloat && !Number.isFinite(Number(digits))) throw source.error(start, `"${written}" is not a number`)
  // Go reads 017 as octal, which JavaScript does not.
  const value = /^-?0[0-7]+$/.test(digits) ? digits.replace('0', '0o') : digits
  return { kind: isFloat ? 'float' : 'integer', text: value, end }
}

/** One character of a literal, an escape being one. */
function readOne(source: TemplateSource, at: number, quote: string): { character: string; end: number } {
  const { text } = source
  if (text[at] !== '\\') {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0xfffd)
    return { character, end: at + character.length }
  }
  const letter = text[at + 1] ?? ''
  if (letter === quote) return { character: quote, end: at + 2 }
  const simple = Object.hasOwn(SIMPLE, letter) ? SIMPLE[letter] : undefined
  if (simple !== undefined) return { character: simple, end: at + 2 }
  const octal = /^[0-7]{3}/.exec(text.slice(at + 1, at + 4))?.[0]
  if (octal !== undefined) return { character: String.fromCodePoint(Number.parseInt(octal, 8)), end: at + 4 }
  const length = Object.hasOwn(HEX_DIGITS, letter) ? (HEX_DIGITS[letter] ?? 0) : 0
  const digits = text.slice(at + 2, at + 2 + length)
  const code = Number.parseInt(digits, 16)
  if (length === 0 || !/^[0-9a-fA-F]+$/.test(digits) || digits.length < length || code > 0x10ffff) {
    throw source.error(at, `\\${letter} is no escape`, 'Write \\\\ for a backslash')
  }
  return { character: String.fromCodePoint(code), end: at + 2 + length }
}
