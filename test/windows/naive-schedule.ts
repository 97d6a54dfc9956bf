import type { TimeWindow } from '../../src/lib/windows/time-window.ts'

const MINUTE = 60_000
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** A minute as the clock on a wall shows it, in UTC's own numbers. */
interface WallMinute {
  readonly at: number
  readonly wall: number
}

/** Every minute of a stretch of time, with what the clock on a wall of the zone shows. */
export function wallClock(timeZone: string, from: number, to: number): WallMinute[] {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  const minutes: WallMinute[] = []
  for (let at = from; at < to; at += MINUTE) {
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const { year = 0, month = 0, day, hour, minute } = part
    minutes.push({ at, wall: Date.UTC(year, month - 1, day, hour, minute) })
  }
  return minutes
}

/**
 * Whether windows are open, found by looking at every minute. Nothing of it is shared with the code it
 * checks but the read fields. The clock has to begin before the longest duration; durations are whole minutes.
 */
export function naiveAnswers(
  windows: readonly TimeWindow[],
  clock: readonly WallMinute[],
): (moment: number) => boolean {
  const start = clock[0]?.at ?? 0
  const active = windows.map((window) => {
    const minutes = new Uint8Array(clock.length)
    for (const time of naiveTimes(window, clock)) {
      const first = (time - start) / MINUTE
      minutes.fill(1, first, first + window.duration / MINUTE)
    }
    return { kind: window.kind, minutes }
  })
  const onlyDeny = windows.every(({ kind }) => kind === 'deny')
  return (moment) => {
    const kinds = active.flatMap(({ kind, minutes }) =>
      minutes[Math.floor((moment - start) / MINUTE)] ? [kind] : [],
    )
    return !kinds.includes('deny') && (onlyDeny || kinds.includes('allow'))
  }
}

/** The moments at which a schedule fires. */
function naiveTimes({ schedule }: TimeWindow, clock: readonly WallMinute[]): number[] {
  const everyHour = schedule.hours.values.length === 24
  const matches = (wall: number) => {
    const date = new Date(wall)
    const weekday = WEEKDAYS.indexOf(date.toUTCString().slice(0, 3))
    const { daysOfMonth, daysOfWeek } = schedule
    const inMonth = daysOfMonth.values.includes(date.getUTCDate())
    const inWeek = daysOfWeek.values.includes(weekday)
    const day = daysOfMonth.any || daysOfWeek.any ? inMonth && inWeek : inMonth || inWeek
    return (
      day &&
      schedule.minutes.values.includes(date.getUTCMinutes()) &&
      schedule.hours.values.includes(date.getUTCHours()) &&
      schedule.months.values.includes(date.getUTCMonth() + 1)
    )
  }
  const times: number[] = []
  let furthest = Number.NEGATIVE_INFINITY
  let previous: number | undefined
  for (const { at, wall } of clock) {
    const repeated = wall <= furthest
    let fires = matches(wall) && (everyHour || !repeated)
    if (!everyHour && previous !== undefined) {
      for (let skipped = previous + MINUTE; skipped < wall; skipped += MINUTE) fires ||= matches(skipped)
    }
    if (fires) times.push(at)
    furthest = Math.max(furthest, wall)
    previous = wall
  }
  return times
}
