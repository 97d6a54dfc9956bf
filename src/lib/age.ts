const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY

/**
 * A span of time as kubectl writes ages: `38s`, `3m12s`, `12m`, `5h3m`, `2d4h`, `35d`, `2y30d`, `12y`.
 *
 * @param milliseconds negative spans (a clock ahead of ours) read as `0s`
 */
export function humanDuration(milliseconds: number): string {
  if (milliseconds < 2 * MINUTE) return `${Math.max(0, Math.floor(milliseconds / SECOND))}s`
  if (milliseconds < 10 * MINUTE) return pair(milliseconds, MINUTE, 'm', SECOND, 's')
  if (milliseconds < 3 * HOUR) return `${Math.floor(milliseconds / MINUTE)}m`
  if (milliseconds < 8 * HOUR) return pair(milliseconds, HOUR, 'h', MINUTE, 'm')
  if (milliseconds < 2 * DAY) return `${Math.floor(milliseconds / HOUR)}h`
  if (milliseconds < 8 * DAY) return pair(milliseconds, DAY, 'd', HOUR, 'h')
  if (milliseconds < 2 * YEAR) return `${Math.floor(milliseconds / DAY)}d`
  if (milliseconds < 8 * YEAR) return pair(milliseconds, YEAR, 'y', DAY, 'd')
  return `${Math.floor(milliseconds / YEAR)}y`
}

/** The age of a moment, '' when it is not known. */
export function age(moment: Date | undefined, now: Date): string {
  return moment ? humanDuration(now.getTime() - moment.getTime()) : ''
}

function pair(value: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((value % large) / small)
  return `${Math.floor(value / large)}${largeUnit}${rest ? `${rest}${smallUnit}` : ''}`
}
