import { UserError } from '../errors.ts'
import { printable } from './escape.ts'

/** An error as one line for people: what happened, and what to do instead. */
export function errorLine(error: Error): string {
  const remedy = error instanceof UserError && error.remedy ? `. ${error.remedy}` : ''
  return printable(`error: ${error.message}${remedy}`)
}
