/** One word of a template. `text` is what stands between actions; all others stand inside of one. */
export type TokenKind =
  | 'text'
  | 'close'
  | 'end of template'
  | 'word'
  | 'field'
  | 'variable'
  | 'dot'
  | 'string'
  | 'integer'
  | 'float'
  | '('
  | ')'
  | '|'
  | ','
  | '='
  | ':='

export interface Token {
  readonly kind: TokenKind
  /** What it says: of a string its content, of a field its name without the dot, of a variable `$name`. */
  readonly text: string
  /** Offset in the template. */
  readonly at: number
  /** Whether a space stands before it: it parts arguments, `.A .B` is not `.A.B`. */
  readonly spaced: boolean
}
