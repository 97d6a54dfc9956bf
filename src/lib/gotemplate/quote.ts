const NAMED: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
}

/** Text in quotes as Go's strconv.Quote writes it: what cannot be printed, or is no ASCII, as an escape. */
export function quoted(text: string, onlyAscii = false, quote = '"'): string {
  const inner = [...text.toWellFormed()].map((character) => {
    if (character === quote) return `\\${quote}`
    const named = Object.hasOwn(NAMED, character) ? NAMED[character] : undefined
    if (named !== undefined) return named
    const code = character.codePointAt(0) ?? 0
    const plain = character === ' ' || (onlyAscii ? code < 0x7f : true)
    if (plain && (character === ' ' || !/[\p{C}\p{Z}]/u.test(character))) return character
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`
    return code > 0xffff
      ? `\\U${code.toString(16).padStart(8, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`
  })
  return `${quote}${inner.join('')}${quote}`
}
