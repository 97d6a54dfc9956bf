import { UserError } from '../errors.ts'

export class ValueError extends UserError {}

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False'])

/**
 * Reads the words that Go's strconv.ParseBool knows.
 *
 * @throws ValueError for anything else, nothing included.
 */
export function parseBoolean(text: string): boolean {
  if (TRUE.has(text)) return true
  if (FALSE.has(text)) return false
  throw new ValueError(`"${text}" is neither true nor false`, 'Write "true" or "false"')
}

/** The entries of a comma-separated list, trimmed; empty ones are kept. */
export function splitList(text: string): string[] {
  return text.split(',').map((entry) => entry.trim())
}
