import { parseDuration } from '../../lib/duration.ts'
import { UserError } from '../../lib/errors.ts'

/** A flag whose value is no duration. */
export class DurationFlagError extends UserError {}

/** Timers overflow beyond 2^31 milliseconds, and would fire at once. */
const LONGEST = 24 * 24 * 3_600_000

/**
 * Reads a flag that is a Go duration, from 0 to 576h.
 *
 * @param flag its name, `--interval`
 * @returns milliseconds
 * @throws DurationFlagError naming the flag
 */
export function durationFlag(flag: string, text: string): number {
  try {
    const milliseconds = parseDuration(text)
    if (milliseconds >= 0 && milliseconds <= LONGEST) return milliseconds
    throw new DurationFlagError(`"${text}" is out of range`, 'Write at most 576h, and nothing negative')
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new DurationFlagError(`${flag}: ${error.message}`, error.remedy, { cause: error })
  }
}
