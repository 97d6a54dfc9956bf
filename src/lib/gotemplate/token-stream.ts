import type { TemplateSource } from './template-error.ts'
import type { Token, TokenKind } from './token.ts'

/** The words of a template one after the other, with one step back. */
export class TokenStream {
  readonly #source: TemplateSource
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(source: TemplateSource, tokens: readonly Token[]) {
    this.#source = source
    this.#tokens = tokens
  }

  peek(): Token {
    const token = this.#tokens[Math.min(this.#next, this.#tokens.length - 1)]
    if (token === undefined) throw new Error('a template without tokens')
    return token
  }

  next(): Token {
    const token = this.peek()
    this.#next++
    return token
  }

  back(): void {
    this.#next--
  }

  /** @param what is missing where another kind comes, for the error */
  expect(kind: TokenKind, what: string): Token {
    const token = this.next()
    if (token.kind !== kind)
      throw this.#source.error(token.at, `${what} is missing before ${described(token)}`)
    return token
  }
}

/** A word as an error names it. */
export function described(token: Token): string {
  if (token.kind === 'close') return 'the end of the action'
  if (token.kind === 'end of template') return 'the end of the template'
  return token.kind === 'string'
    ? JSON.stringify(token.text)
    : `"${token.kind === 'field' ? '.' : ''}${token.text}"`
}
