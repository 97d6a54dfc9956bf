import { UserError } from '../errors.ts'

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}
const DURATION = /^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g

/**
 * Reads `--request-timeout` as kubectl does: `0` or nothing means no limit, a whole number is seconds,
 * anything else a Go duration.
 *
 * @returns milliseconds, at least 1; 0 for no limit.
 * @throws UserError for anything else.
 */
export function parseRequestTimeout(text: string): number {
  if (text === '' || /^[+-]?0+$/.test(text)) return 0
  let milliseconds = Number.NaN
  if (/^\d+$/.test(text)) milliseconds = Number(text) * 1000
  else if (DURATION.test(text)) {
    milliseconds = 0
    for (const [, amount, unit] of text.matchAll(PART))
      milliseconds += Number(amount) * (UNITS[unit ?? ''] ?? 0)
  }
  // What a timer can hold: beyond 24.8 days Node would fire at once.
  if (milliseconds > 0x7fffffff) return 0
  if (milliseconds >= 0) return milliseconds === 0 ? 0 : Math.max(1, Math.round(milliseconds))
  throw new UserError(
    `--request-timeout "${text}" is not a duration`,
    'Write 0 for no limit, seconds such as 30, or a duration such as 1m30s',
  )
}
