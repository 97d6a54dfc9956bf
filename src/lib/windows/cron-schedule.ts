import { CronError, type CronField, type CronFieldType, parseCronField } from './cron-field.ts'

/** A cron schedule of five fields; whose wall clock it follows is said elsewhere. */
export interface CronSchedule {
  /** As written, with single spaces. */
  readonly text: string
  readonly minutes: CronField
  readonly hours: CronField
  readonly daysOfMonth: CronField
  readonly months: CronField
  /** 0 is Sunday. */
  readonly daysOfWeek: CronField
}

const LONGEST = 1024
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const MONTH_LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const MINUTE: CronFieldType = { name: 'minute', least: 0, most: 59 }
const HOUR: CronFieldType = { name: 'hour', least: 0, most: 23 }
const DAY_OF_MONTH: CronFieldType = { name: 'day of month', least: 1, most: 31 }
const MONTH: CronFieldType = { name: 'month', least: 1, most: 12, words: MONTHS }
const DAY_OF_WEEK: CronFieldType = {
  name: 'day of week',
  least: 0,
  most: 6,
  words: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
  hint: 'Sunday is 0',
}
const REMEDY = 'Write minute, hour, day of month, month and day of week, for example 0 22 * * 1-5'

/**
 * Reads a schedule of five fields as Argo CD does for sync windows (robfig/cron v3 without seconds and
 * without descriptors). Where day of month and day of week are both restricted, one of them is enough.
 *
 * @throws CronError also for a date that never comes, such as 31 February.
 */
export function parseCronSchedule(text: string): CronSchedule {
  if (text.length > LONGEST)
    throw new CronError(`the cron schedule is longer than ${LONGEST} characters`, REMEDY)
  const fields = text.trim().split(/\s+/)
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = fields
  if (minute.startsWith('@')) throw new CronError(`"${minute}" is a nickname, which is not read`, REMEDY)
  if (fields.length !== 5) {
    throw new CronError(
      minute === '' ? 'the cron schedule is empty' : `the cron schedule has ${fields.length} fields, not 5`,
      fields.length === 6 ? `${REMEDY}; seconds are not read` : REMEDY,
    )
  }
  const schedule = {
    text: fields.join(' '),
    minutes: parseCronField(minute, MINUTE),
    hours: parseCronField(hour, HOUR),
    daysOfMonth: parseCronField(dayOfMonth, DAY_OF_MONTH),
    months: parseCronField(month, MONTH),
    daysOfWeek: parseCronField(dayOfWeek, DAY_OF_WEEK),
  }
  if (!everComes(schedule)) {
    throw new CronError(`no month of "${schedule.text}" has such a day`, 'Write a date that exists')
  }
  return schedule
}

function everComes({ daysOfMonth, daysOfWeek, months }: CronSchedule): boolean {
  const first = daysOfMonth.values[0] ?? 1
  return !daysOfWeek.any || months.values.some((month) => first <= (MONTH_LENGTHS[month - 1] ?? 0))
}
