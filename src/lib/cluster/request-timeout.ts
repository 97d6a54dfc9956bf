import { DurationError, parseDuration } from '../duration.ts'
import { UserError } from '../errors.ts'

/**
 * Reads `--request-timeout` as kubectl does: `0` or nothing means no limit, a whole number is seconds,
 * anything else a Go duration.
 *
 * @returns milliseconds, at least 1; 0 for no limit.
 * @throws UserError for anything else.
 */
export function parseRequestTimeout(text: string): number {
  if (text === '' || /^[+-]?0+$/.test(text)) return 0
  const milliseconds = /^\d+$/.test(text) ? Number(text) * 1000 : parseGoDuration(text)
  // What a timer can hold: beyond 24.8 days Node would fire at once.
  if (milliseconds > 0x7fffffff) return 0
  if (milliseconds >= 0) return milliseconds === 0 ? 0 : Math.max(1, Math.round(milliseconds))
  throw notDuration(text)
}

function parseGoDuration(text: string): number {
  try {
    return parseDuration(text)
  } catch (error) {
    throw error instanceof DurationError ? notDuration(text) : error
  }
}

function notDuration(text: string): UserError {
  return new UserError(
    `--request-timeout "${text}" is not a duration`,
    'Write 0 for no limit, seconds such as 30, or a duration such as 1m30s',
  )
}
