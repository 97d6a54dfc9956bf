import { readCharacter, readNumber, readString } from './literal.ts'
import type { TemplateSource } from './template-error.ts'
import type { Token, TokenKind } from './token.ts'

const OPEN = '{{'
const SPACE = /[ \t\r\n]/
const NUMBER_START = /^[+-]?\.?[0-9]/
const NAME = /[\p{L}\p{Nd}_]+/uy
const PUNCTUATION: readonly TokenKind[] = [':=', '(', ')', '|', ',', '=']

/**
 * Splits a template into its words by the rules of Go's text/template: `{{` and `}}`, trim markers that
 * take the space on their outer side away, comments, and literals in Go's syntax. An action ends with the
 * word `close`; what opens it has none.
 *
 * @throws GoTemplateError for what is no word, an action that does not end, and a comment that does not.
 */
export function readTokens(source: TemplateSource): readonly Token[] {
  return new Lexer(source).all()
}

class Lexer {
  readonly #source: TemplateSource
  readonly #text: string
  readonly #tokens: Token[] = []
  #at = 0
  #trimNext = false

  constructor(source: TemplateSource) {
    this.#source = source
    this.#text = source.text
  }

  all(): readonly Token[] {
    while (this.#at < this.#text.length) this.#outside()
    this.#add('end of template', '', this.#text.length)
    return this.#tokens
  }

  #outside(): void {
    const start = this.#at
    const found = this.#text.indexOf(OPEN, start)
    const open = found < 0 ? this.#text.length : found
    const inner = open + OPEN.length
    const trims = this.#text[inner] === '-' && SPACE.test(this.#text[inner + 1] ?? '')
    let text = this.#text.slice(start, open)
    if (this.#trimNext) text = text.replace(/^[ \t\r\n]+/, '')
    if (found >= 0 && trims) text = trimEnd(text)
    this.#trimNext = false
    if (text !== '') this.#add('text', text, start)
    this.#at = found < 0 ? open : trims ? inner + 2 : inner
    if (found < 0) return
    if (this.#text.startsWith('/*', this.#at)) this.#comment(open)
    else this.#inside(open)
  }

  #comment(open: number): void {
    const end = this.#text.indexOf('*/', this.#at)
    if (end < 0) throw this.#source.error(open, 'the comment does not end', 'Write */}} after it')
    this.#at = end + 2
    if (!this.#closes(this.#skipSpace())) {
      throw this.#source.error(open, 'a comment has its action for itself', 'Write {{/* … */}}')
    }
  }

  #inside(open: number): void {
    for (;;) {
      const spaced = this.#skipSpace()
      const at = this.#at
      if (at >= this.#text.length) {
        throw this.#source.error(open, 'the action does not end', 'Write }} after it')
      }
      if (this.#closes(spaced)) {
        this.#add('close', '}}', at, spaced)
        return
      }
      this.#word(at, spaced)
    }
  }

  /** Whether the action ends here; if so, goes behind its end. */
  #closes(spaced: boolean): boolean {
    const trims = spaced && this.#text.startsWith('-}}', this.#at)
    if (!trims && !this.#text.startsWith('}}', this.#at)) return false
    this.#trimNext = trims
    this.#at += trims ? 3 : 2
    return true
  }

  #word(at: number, spaced: boolean): void {
    const { kind, text, end } = this.#read(at)
    this.#add(kind, text, at, spaced)
    this.#at = end
  }

  #read(at: number): { readonly kind: TokenKind; readonly text: string; readonly end: number } {
    const first = this.#text[at] ?? ''
    if (first === '"' || first === '`') return { kind: 'string', ...readString(this.#source, at) }
    if (first === "'") return { kind: 'integer', ...readCharacter(this.#source, at) }
    if (NUMBER_START.test(this.#text.slice(at, at + 3))) return readNumber(this.#source, at)
    if (first === '.' || first === '$') {
      const name = this.#name(at + 1)
      const end = at + 1 + name.length
      if (first === '$') return { kind: 'variable', text: `$${name}`, end }
      return { kind: name === '' ? 'dot' : 'field', text: name, end }
    }
    const sign = PUNCTUATION.find((word) => this.#text.startsWith(word, at))
    if (sign !== undefined) return { kind: sign, text: sign, end: at + sign.length }
    const name = this.#name(at)
    if (name === '') throw this.#source.error(at, `"${first}" has no meaning in an action`)
    return { kind: 'word', text: name, end: at + name.length }
  }

  #name(at: number): string {
    NAME.lastIndex = at
    return NAME.exec(this.#text)?.[0] ?? ''
  }

  #skipSpace(): boolean {
    const start = this.#at
    while (SPACE.test(this.#text[this.#at] ?? '')) this.#at++
    return this.#at > start
  }

  #add(kind: TokenKind, text: string, at: number, spaced = false): void {
    this.#tokens.push({ kind, text, at, spaced })
  }
}

/** Without a regular expression: one that is anchored at the end takes quadratic time over long runs of space. */
function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && SPACE.test(text[end - 1] ?? '')) end--
  return text.slice(0, end)
}
