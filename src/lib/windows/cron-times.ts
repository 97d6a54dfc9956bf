import { Cron } from 'croner'
import type { CronField } from './cron-field.ts'
import type { CronSchedule } from './cron-schedule.ts'

const HOURS = 24

/**
 * The moments at which a schedule fires by the wall clock of a time zone. All moments are milliseconds
 * since 1970.
 *
 * When clocks change: a time in the hour that spring leaves out fires once, as that hour would begin. A
 * time that autumn repeats fires once, the first time. A schedule for every hour (`*`) keeps its pace
 * instead: it leaves out what does not exist, and fires in both of the repeated hours. These are the rules
 * of Vixie cron.
 */
export class CronTimes {
  readonly #cron: Cron

  /** @param timeZone a name that parseTimeZone took. */
  constructor(schedule: CronSchedule, timeZone: string) {
    this.#cron = new Cron(pattern(schedule), {
      fixedTimeRule: 'no-wildcard',
      mode: '5-part',
      paused: true,
      timezone: timeZone,
    })
  }

  /** The first after `moment`; undefined when there is none that the search reaches. */
  next(moment: number): number | undefined {
    return this.#cron.nextRun(new Date(moment))?.getTime()
  }
}

/** Plain lists, so that what a field means is decided in one place only; hours tell how clock changes count. */
function pattern({ minutes, hours, daysOfMonth, months, daysOfWeek }: CronSchedule): string {
  const list = ({ values }: CronField) => values.join(',')
  const day = (field: CronField) => (field.any ? '*' : list(field))
  const hour = hours.values.length === HOURS ? '*' : list(hours)
  return [list(minutes), hour, day(daysOfMonth), list(months), day(daysOfWeek)].join(' ')
}
