import { UserError } from './errors.ts'

export class DurationError extends UserError {}

const MILLISECONDS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}
const LONGEST = 64
const PART = /([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)/y

/**
 * Reads a Go duration such as `5m`, `1h30m`, `1.5h` or `0` (time.ParseDuration; days do not exist).
 *
 * @returns milliseconds.
 * @throws DurationError when it cannot be read.
 */
export function parseDuration(text: string): number {
  const negative = text.startsWith('-')
  const parts = text.replace(/^[+-]/, '')
  if (parts === '0') return 0
  let total = 0
  PART.lastIndex = 0
  while (PART.lastIndex < parts.length && text.length <= LONGEST) {
    const match = PART.exec(parts)
    if (match === null) break
    total += Number(match[1]) * (MILLISECONDS[match[2] ?? ''] ?? Number.NaN)
    if (PART.lastIndex === parts.length) return negative ? -total : total
  }
  throw new DurationError(
    `"${text.slice(0, LONGEST)}" is not a duration`,
    'Write numbers with the units s, m or h, for example 30s, 5m or 1h30m',
  )
}
