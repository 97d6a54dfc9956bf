import { UserError } from '../errors.ts'

/** A mistake in a template, or one that only its data shows. `line` and `column` count characters from 1. */
export class GoTemplateError extends UserError {
  readonly line: number
  readonly column: number

  constructor(problem: string, place: { readonly line: number; readonly column: number }, remedy = '') {
    super(`line ${place.line}, column ${place.column}: ${problem}`, remedy)
    this.line = place.line
    this.column = place.column
  }
}

/** Makes errors that name a place in one text. */
export class TemplateSource {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** @param at the offset of the mistake, in UTF-16 code units */
  error(at: number, problem: string, remedy = ''): GoTemplateError {
    const before = this.text.slice(0, at)
    const lineStart = before.lastIndexOf('\n') + 1
    const line = before.split('\n').length
    return new GoTemplateError(problem, { line, column: [...before.slice(lineStart)].length + 1 }, remedy)
  }
}
