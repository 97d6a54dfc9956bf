import { parseDuration } from '../duration.ts'
import { UserError } from '../errors.ts'
import { type CronSchedule, parseCronSchedule } from './cron-schedule.ts'
import { parseTimeZone } from './time-zone.ts'

/** A window that cannot be read. */
export class TimeWindowError extends UserError {}

/**
 * A time that comes again and again: it begins whenever the schedule fires, and lasts for `duration`
 * milliseconds of elapsed time. While an `allow` window is active, something may happen; while a `deny`
 * window is, it may not.
 */
export interface TimeWindow {
  readonly kind: 'allow' | 'deny'
  readonly schedule: CronSchedule
  readonly duration: number
  /** Of the IANA database; the schedule is read by its wall clock. */
  readonly timeZone: string
  /** For messages: `0 22 * * 1-5 4h Europe/Berlin`. */
  readonly text: string
}

/** The parts of a window as somebody wrote them. */
export interface WrittenWindow {
  readonly kind: string
  readonly schedule: string
  readonly duration: string
  /** '' is UTC. */
  readonly timeZone: string
}

const LONGEST_DURATION = 366 * 24 * 3_600_000

/**
 * @throws UserError: TimeWindowError, CronError, DurationError or TimeZoneError, each saying what is wrong
 * and what would be right.
 */
export function readWindow({ kind, schedule, duration, timeZone }: WrittenWindow): TimeWindow {
  if (kind !== 'allow' && kind !== 'deny') {
    throw new TimeWindowError(`"${kind.slice(0, 40)}" is neither allow nor deny`, 'Write allow or deny')
  }
  const read = parseCronSchedule(schedule)
  const milliseconds = Math.floor(parseDuration(duration))
  if (milliseconds <= 0) {
    throw new TimeWindowError(`a duration of ${duration} is never`, 'Write how long it lasts, such as 4h')
  }
  if (milliseconds > LONGEST_DURATION) {
    throw new TimeWindowError(
      `a duration of ${duration} is longer than a year`,
      'Write at most 8784h; without a window there is no limit',
    )
  }
  const zone = parseTimeZone(timeZone || 'UTC')
  const text = `${read.text} ${duration} ${zone}`
  return { duration: milliseconds, kind, schedule: read, text, timeZone: zone }
}
