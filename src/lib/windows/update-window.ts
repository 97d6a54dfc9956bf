import { parseDuration } from '../duration.ts'
import { UserError } from '../errors.ts'
import { readWindow, type TimeWindow, type WrittenWindow } from './time-window.ts'

/** A value of `update-window` that cannot be read. */
export class UpdateWindowError extends UserError {}

const LONGEST = 2048
const MOST_WINDOWS = 16
const CRON_FIELDS = 5
const FORM = 'Write [allow|deny] <minute hour day month weekday> <duration> [time zone]'
const EXAMPLE = `${FORM}, for example 0 22 * * 1-5 4h Europe/Berlin`

/**
 * Reads the value of the key `update-window`: windows separated by `;` or a line break, each
 * `[allow|deny] <five cron fields> <Go duration> [IANA time zone]`; `allow` and UTC where they are missing.
 *
 * @returns at least one.
 * @throws UpdateWindowError one line that names the window which is wrong and what would be right.
 */
export function parseUpdateWindows(text: string): readonly TimeWindow[] {
  if (text.length > LONGEST) {
    throw new UpdateWindowError(`the value is longer than ${LONGEST} characters`, 'Write fewer windows')
  }
  const parts = text.split(/[;\n]/).map((part) => part.trim())
  const written = parts.filter((part) => part !== '')
  if (written.length === 0) throw new UpdateWindowError('there is no window in it', EXAMPLE)
  if (written.length > MOST_WINDOWS) {
    throw new UpdateWindowError(
      `${written.length} windows are more than ${MOST_WINDOWS}`,
      'Join some of them: a cron field may hold lists and ranges',
    )
  }
  return written.map(parseWindow)
}

function parseWindow(text: string): TimeWindow {
  try {
    return readWindow(splitWindow(text))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UpdateWindowError(`window "${short(text)}": ${error.message}`, error.remedy, {
      cause: error,
    })
  }
}

function splitWindow(text: string): WrittenWindow {
  const words = text.split(/\s+/)
  const kind = /^[a-z]+$/i.test(words[0] ?? '') ? (words.shift() ?? '') : 'allow'
  const [first = ''] = words
  if (first.startsWith('@')) {
    throw new UpdateWindowError(`"${short(first)}" is a nickname, which is not read`, EXAMPLE)
  }
  if (/^(?:CRON_)?TZ=/.test(first)) {
    throw new UpdateWindowError(
      `"${short(first)}" is at the wrong place`,
      'Write the time zone after the duration',
    )
  }
  const fields = words.findIndex(isDuration)
  if (fields < 0) {
    throw new UpdateWindowError(
      'there is no duration',
      `${FORM}; a duration has the unit m or h, such as 30m or 4h, and four days are 96h`,
    )
  }
  const [duration = '', timeZone = '', ...rest] = words.slice(fields)
  const schedule = words.slice(0, fields).join(' ')
  if (fields === CRON_FIELDS && rest.length > 0) {
    throw new UpdateWindowError(
      `"${short(rest.join(' '))}" is too much`,
      'Put a ; between two windows; a time zone is one word, such as America/New_York',
    )
  }
  return { duration, kind, schedule, timeZone }
}

/** No cron field has a unit. A bare 0 is a field; as a duration it would be refused anyway. */
function isDuration(word: string): boolean {
  try {
    parseDuration(word)
    return !/^[+-]?\d+$/.test(word)
  } catch {
    return false
  }
}

function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
