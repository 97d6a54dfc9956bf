import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/lib/errors.ts'
import { parseUpdateWindows, UpdateWindowError } from '../../src/lib/windows/update-window.ts'

const HOUR = 3_600_000

function problemOf(text: string): UserError {
  try {
    parseUpdateWindows(text)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error(`"${text}" was read`)
}

describe('the value of update-window', () => {
  it.each<[text: string, windows: object[]]>([
    [
      '0 22 * * 1-5 4h Europe/Berlin',
      [
        {
          kind: 'allow',
          duration: 4 * HOUR,
          text: '0 22 * * 1-5 4h Europe/Berlin',
          timeZone: 'Europe/Berlin',
        },
      ],
    ],
    ['deny 0 0 24-26 12 * 24h', [{ kind: 'deny', duration: 24 * HOUR, timeZone: 'UTC' }]],
    [
      'allow 0 9 * * 1-5 8h America/New_York; deny 0 0 24-26 12 * 24h',
      [
        { kind: 'allow', timeZone: 'America/New_York' },
        { kind: 'deny', timeZone: 'UTC' },
      ],
    ],
    [
      '0 1 * * * 1h\n\n  deny  0 2 * * *  30m  UTC ;',
      [{ kind: 'allow' }, { kind: 'deny', text: '0 2 * * * 30m UTC' }],
    ],
    ['*/15 8-16/2 ? jan,JUL Mon-fri 1h30m', [{ duration: 1.5 * HOUR }]],
    ['0 0 * * * 8784h', [{ duration: 8784 * HOUR }]],
    ['0 0 29 2 * 1h', [{}]],
    ['0 0 30 2 1 1h', [{}]],
  ])('%s', (text, windows) => {
    expect(parseUpdateWindows(text)).toMatchObject(windows)
  })

  it.each<[text: string, problem: string, remedy: string]>([
    ['', 'there is no window in it', 'Write [allow|deny] <minute hour day month weekday> <duration>'],
    [' ; \n', 'there is no window in it', 'for example 0 22 * * 1-5 4h Europe/Berlin'],
    ['0 22 * * 1-5', 'there is no duration', '<duration>'],
    ['allow', 'there is no duration', '<duration>'],
    ['0 22 * * * 4d', 'there is no duration', 'four days are 96h'],
    ['0 22 * * * 0', 'there is no duration', 'has the unit m or h'],
    ['0 22 * * * 0h', 'a duration of 0h is never', 'such as 4h'],
    ['0 22 * * * -4h', 'a duration of -4h is never', 'such as 4h'],
    ['0 22 * * * 8785h', 'longer than a year', '8784h'],
    ['0 22 * * 4h', 'has 4 fields, not 5', 'minute, hour, day of month, month and day of week'],
    ['0 0 22 * * 1-5 4h', 'has 6 fields, not 5', 'seconds are not read'],
    ['4h', 'the cron schedule is empty', 'for example 0 22 * * 1-5'],
    ['@daily 4h', '"@daily" is a nickname', '0 22 * * 1-5 4h'],
    ['deny @every 1h 4h', '"@every" is a nickname', '0 22 * * 1-5 4h'],
    ['block 0 22 * * * 4h', '"block" is neither allow nor deny', 'Write allow or deny'],
    ['Deny 0 22 * * * 4h', '"Deny" is neither allow nor deny', 'Write allow or deny'],
    ['CRON_TZ=Europe/Berlin 0 22 * * * 4h', 'is at the wrong place', 'the time zone after the duration'],
    ['TZ=UTC 0 22 * * * 4h', 'is at the wrong place', 'the time zone after the duration'],
    ['0 22 * * * 4h Europe/Berln', '"Europe/Berln" is not a time zone', 'Write Europe/Berlin'],
    ['0 22 * * * 4h berlin', '"berlin" is not a time zone', 'Write Europe/Berlin'],
    ['0 22 * * * 4h +02:00', '"+02:00" is not a time zone', 'a name of the IANA database'],
    ['0 22 * * * 4h New York', '"York" is too much', 'a time zone is one word'],
    ['0 22 * * * 4h UTC 0 1 * * * 3h', '"0 1 * * * 3h" is too much', 'Put a ; between two windows'],
    ['60 22 * * * 4h', 'the minute "60" is not between 0 and 59', 'Write 0 to 59'],
    ['0 24 * * * 4h', 'the hour "24" is not between 0 and 23', 'Write 0 to 23'],
    ['0 22 0 * * 4h', 'the day of month "0" is not between 1 and 31', 'Write 1 to 31'],
    ['0 22 * 13 * 4h', 'the month "13" is not between 1 and 12', 'Write 1 to 12'],
    ['0 22 * * 7 4h', 'the day of week "7" is not between 0 and 6', 'Sunday is 0'],
    ['0 22 L * * 4h', '"L" is no day of month of a cron schedule', 'lists (a,b)'],
    ['0 22 * * FRI#2 4h', '"FRI#2" is no day of week of a cron schedule', 'SUN to SAT'],
    ['0 22 * * 5-1 4h', 'the day of week "5-1" begins after its end', 'two ranges'],
    ['*/0 22 * * * 4h', '"*/0" is no minute of a cron schedule', '*/n'],
    ['1,,2 22 * * * 4h', '"" is no minute of a cron schedule', 'lists (a,b)'],
    ['1-2-3 22 * * * 4h', '"1-2-3" is no minute', 'ranges (a-b)'],
    ['*/2/3 22 * * * 4h', '"*/2/3" is no minute', 'steps (*/n)'],
    ['0 0 31 2 * 4h', 'no month of "0 0 31 2 *" has such a day', 'a date that exists'],
    ['0 0 31 4,6,9,11 ? 4h', 'has such a day', 'a date that exists'],
  ])('%j is refused', (text, problem, remedy) => {
    const error = problemOf(text)
    expect(error).toBeInstanceOf(UpdateWindowError)
    expect(error.message).toContain(problem)
    expect(error.message).not.toContain('\n')
    expect(error.remedy).toContain(remedy)
  })

  it('names the one of several windows that is wrong', () => {
    expect(problemOf('0 1 * * * 1h; 0 99 * * * 1h').message).toBe(
      'window "0 99 * * * 1h": the hour "99" is not between 0 and 23',
    )
  })
})

describe('hostile values of update-window', () => {
  it.each<[name: string, text: string, problem: string]>([
    ['a long text', '0 1 * * * 1h;'.repeat(100_000), 'longer than 2048 characters'],
    ['many windows', '0 1 * * * 1h;'.repeat(17), '17 windows are more than 16'],
    ['a long zone', `0 1 * * * 1h ${'A/'.repeat(500)}`, 'is not a time zone'],
    ['a long number', `${'9'.repeat(1000)} 1 * * * 1h`, 'is no minute'],
    ['a long kind', `${'a'.repeat(1000)} 0 1 * * * 1h`, 'is neither allow nor deny'],
    ['a long duration', `0 1 * * * ${'1h'.repeat(900)}`, 'there is no duration'],
    ['a long schedule', `${'1,'.repeat(600)}1 1 * * * 1h`, 'longer than 1024 characters'],
    ['a name of every object', '0 1 * * constructor 1h', '"constructor" is no day of week'],
  ])('%s', (_, text, problem) => {
    const error = problemOf(text)
    expect(error.message).toContain(problem)
    expect(error.message.length).toBeLessThan(250)
  })

  it('reads a long list once', () => {
    const [window] = parseUpdateWindows(`${'1,'.repeat(400)}2 1 * * * 1h`)
    expect(window?.schedule.minutes.values).toEqual([1, 2])
  })
})
