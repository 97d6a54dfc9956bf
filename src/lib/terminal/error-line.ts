import { UserError } from '../errors.ts'
import { printable } from './escape.ts'

/** What happened, and what to do instead, where there is something to do. */
export function errorText(error: Error): string {
  const remedy = error instanceof UserError && error.remedy ? `. ${error.remedy}` : ''
  return `${error.message}${remedy}`
}

/** An error as one line for people. */
export function errorLine(error: Error): string {
  return printable(`error: ${errorText(error)}`)
}
