import { humanDuration } from '../../age.ts'

/** How long ago a timestamp of an object was, as kubectl's tables have it; `<unknown>` where there is none. */
export function ageOf(timestamp: string, now: Date): string {
  const span = now.getTime() - Date.parse(timestamp)
  if (Number.isNaN(span)) return '<unknown>'
  // kubectl tolerates a clock that is a second ahead.
  return span < -1000 ? '<invalid>' : humanDuration(span)
}
