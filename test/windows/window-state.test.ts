import { describe, expect, it } from 'vitest'
import { parseUpdateWindows } from '../../src/lib/windows/update-window.ts'
import { windowState } from '../../src/lib/windows/window-state.ts'
import { SeededRandom } from '../seeded-random.ts'
import { naiveAnswers, wallClock } from './naive-schedule.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const stateOf = (windows: string, now: string) => windowState(parseUpdateWindows(windows), new Date(now))

/** The stretches in which a single allow window is open, by following changesAt. */
function openings(windows: string, from: string, to: string): string[] {
  const found: string[] = []
  let { open, changesAt } = stateOf(windows, from)
  let since = from
  while (changesAt && changesAt <= new Date(to)) {
    const moment = changesAt.toISOString().replace(':00.000Z', 'Z')
    if (open) found.push(`${since} to ${moment}`)
    since = moment
    ;({ open, changesAt } = stateOf(windows, moment))
  }
  return found
}

describe('what windows say about a moment', () => {
  it('says that everything is open without windows', () => {
    expect(windowState([], new Date())).toEqual({ open: true, reason: 'no window' })
  })

  const NIGHTS = '0 22 * * 1-5 4h Europe/Berlin'
  const FREEZE = 'deny 0 0 24-26 12 * 24h'
  it.each<[windows: string, now: string, open: boolean, reason: string, changesAt: string | undefined]>([
    // Wednesday in winter: 22:00 in Berlin is 21:00 UTC.
    [NIGHTS, '2026-11-25T17:48:00Z', false, `window ${NIGHTS} opens in 3h12m`, '2026-11-25T21:00:00.000Z'],
    [NIGHTS, '2026-11-25T20:59:59.999Z', false, `window ${NIGHTS} opens in 0s`, '2026-11-25T21:00:00.000Z'],
    [
      NIGHTS,
      '2026-11-25T21:00:00Z',
      true,
      `window ${NIGHTS} is open, closes in 4h`,
      '2026-11-26T01:00:00.000Z',
    ],
    [
      NIGHTS,
      '2026-11-26T00:59:59.999Z',
      true,
      `window ${NIGHTS} is open, closes in 0s`,
      '2026-11-26T01:00:00.000Z',
    ],
    [NIGHTS, '2026-11-26T01:00:00Z', false, `window ${NIGHTS} opens in 20h`, '2026-11-26T21:00:00.000Z'],
    // From Friday night to Monday night.
    [NIGHTS, '2026-11-28T12:00:00Z', false, `window ${NIGHTS} opens in 2d9h`, '2026-11-30T21:00:00.000Z'],
    [
      FREEZE,
      '2026-12-01T00:00:00Z',
      true,
      'no deny window is active, 0 0 24-26 12 * 24h UTC begins in 23d',
      '2026-12-24T00:00:00.000Z',
    ],
    // Three days that touch are one stretch.
    [
      FREEZE,
      '2026-12-24T12:00:00Z',
      false,
      'deny window 0 0 24-26 12 * 24h UTC is active, opens in 2d12h',
      '2026-12-27T00:00:00.000Z',
    ],
    [
      `${NIGHTS}; ${FREEZE}`,
      '2026-12-24T21:30:00Z',
      false,
      'deny window 0 0 24-26 12 * 24h UTC is active, opens in 3d23h',
      '2026-12-28T21:00:00.000Z',
    ],
    // The allow window begins while a deny window is active: what counts is when it really opens.
    [
      '0 10 * * * 4h; deny 0 9 * * * 2h',
      '2026-11-25T08:00:00Z',
      false,
      'window 0 10 * * * 4h UTC opens in 3h',
      '2026-11-25T11:00:00.000Z',
    ],
    [
      '0 10 * * * 4h; 0 12 * * * 4h',
      '2026-11-25T13:00:00Z',
      true,
      'window 0 10 * * * 4h UTC is open, closes in 3h',
      '2026-11-25T16:00:00.000Z',
    ],
    [
      '0 0 29 2 * 1h',
      '2026-11-25T00:00:00Z',
      false,
      'window 0 0 29 2 * 1h UTC opens in 461d',
      '2028-02-29T00:00:00.000Z',
    ],
    [
      '0 0 31 * * 1h',
      '2026-11-25T00:00:00Z',
      false,
      'window 0 0 31 * * 1h UTC opens in 36d',
      '2026-12-31T00:00:00.000Z',
    ],
    // Longer than its period: it never closes.
    ['0 * * * * 2h', '2026-11-25T00:30:00Z', true, 'window 0 * * * * 2h UTC is open', undefined],
    ['* * * * * 8784h', '2026-11-25T00:30:00Z', true, 'window * * * * * 8784h UTC is open', undefined],
    ['deny * * * * * 1h', '2026-11-25T00:30:00Z', false, 'deny window * * * * * 1h UTC is active', undefined],
    [
      '0 10 * * * 1h; deny * * * * * 1h',
      '2026-11-25T00:30:00Z',
      false,
      'deny window * * * * * 1h UTC is active',
      undefined,
    ],
  ])('%s at %s: %s', (windows, now, open, reason, changesAt) => {
    const state = stateOf(windows, now)
    expect(state).toMatchObject({ open, reason })
    expect(state.changesAt?.toISOString()).toBe(changesAt)
  })

  it('takes a day that is right by month or by week where both are restricted', () => {
    // Friday 13 November is one of them, Friday 6 and Sunday 13 December others.
    expect(openings('0 0 13 * FRI 1h', '2026-11-05T00:00Z', '2026-12-14T00:00Z')).toEqual(
      ['11-06', '11-13', '11-20', '11-27', '12-04', '12-11', '12-13'].map(
        (day) => `2026-${day}T00:00Z to 2026-${day}T01:00Z`,
      ),
    )
    // A step over all days is a restriction too, as in robfig/cron.
    expect(openings('0 0 */10 * FRI 1h', '2026-11-05T00:00Z', '2026-11-22T00:00Z')).toEqual(
      ['11-06', '11-11', '11-13', '11-20', '11-21'].map((day) => `2026-${day}T00:00Z to 2026-${day}T01:00Z`),
    )
  })
})

describe('when clocks change', () => {
  it.each<[what: string, windows: string, from: string, to: string, openings: string[]]>([
    [
      'Berlin, spring: 02:30 does not exist, the window opens at 03:00 for its whole duration',
      '30 2 * * * 2h Europe/Berlin',
      '2026-03-28T00:00Z',
      '2026-03-30T12:00Z',
      [
        '2026-03-28T01:30Z to 2026-03-28T03:30Z',
        '2026-03-29T01:00Z to 2026-03-29T03:00Z',
        '2026-03-30T00:30Z to 2026-03-30T02:30Z',
      ],
    ],
    [
      'Berlin, spring: four hours from 22:00 are four hours, until 03:00 by the clock',
      '0 22 * * * 4h Europe/Berlin',
      '2026-03-28T12:00Z',
      '2026-03-29T12:00Z',
      ['2026-03-28T21:00Z to 2026-03-29T01:00Z'],
    ],
    [
      'Berlin, autumn: 02:30 comes twice, the window opens the first time',
      '30 2 * * * 30m Europe/Berlin',
      '2026-10-24T12:00Z',
      '2026-10-26T12:00Z',
      ['2026-10-25T00:30Z to 2026-10-25T01:00Z', '2026-10-26T01:30Z to 2026-10-26T02:00Z'],
    ],
    [
      'Berlin, autumn: several minutes of a repeated hour',
      '*/30 2 * * * 10m Europe/Berlin',
      '2026-10-24T12:00Z',
      '2026-10-25T12:00Z',
      ['2026-10-25T00:00Z to 2026-10-25T00:10Z', '2026-10-25T00:30Z to 2026-10-25T00:40Z'],
    ],
    [
      'Berlin, autumn: a schedule for every hour keeps its pace',
      '30 * * * * 10m Europe/Berlin',
      '2026-10-25T00:00Z',
      '2026-10-25T03:00Z',
      [
        '2026-10-25T00:30Z to 2026-10-25T00:40Z',
        '2026-10-25T01:30Z to 2026-10-25T01:40Z',
        '2026-10-25T02:30Z to 2026-10-25T02:40Z',
      ],
    ],
    [
      'New York, spring',
      '15 2 * * SUN 1h America/New_York',
      '2026-03-08T00:00Z',
      '2026-03-09T00:00Z',
      ['2026-03-08T07:00Z to 2026-03-08T08:00Z'],
    ],
    [
      'New York, autumn',
      '15 1 * * SUN 1h America/New_York',
      '2026-11-01T00:00Z',
      '2026-11-02T00:00Z',
      ['2026-11-01T05:15Z to 2026-11-01T06:15Z'],
    ],
    [
      'Lord Howe, spring: half an hour is left out',
      '15,45 2 * * * 10m Australia/Lord_Howe',
      '2026-10-03T12:00Z',
      '2026-10-04T12:00Z',
      ['2026-10-03T15:30Z to 2026-10-03T15:40Z', '2026-10-03T15:45Z to 2026-10-03T15:55Z'],
    ],
    [
      'Lord Howe, autumn: half an hour is repeated',
      '15,45 1 * * * 10m Australia/Lord_Howe',
      '2026-04-04T12:00Z',
      '2026-04-05T12:00Z',
      ['2026-04-04T14:15Z to 2026-04-04T14:25Z', '2026-04-04T14:45Z to 2026-04-04T14:55Z'],
    ],
    [
      'UTC has no such nights',
      '30 2 * * * 1h',
      '2026-03-29T00:00Z',
      '2026-03-30T00:00Z',
      ['2026-03-29T02:30Z to 2026-03-29T03:30Z'],
    ],
  ])('%s', (_, windows, from, to, expected) => {
    expect(openings(windows, from, to)).toEqual(expected)
  })
})

describe('random windows agree with a look at every minute', () => {
  const random = new SeededRandom(20_261_125)
  const field = (most: number, least = 0): string => {
    const value = () => least + random.below(most - least + 1)
    const [a, b] = [value(), value()].sort((x, y) => x - y)
    const one = () =>
      random.pick([
        '*',
        '*',
        '*',
        `${value()}`,
        `${a}-${b}`,
        `*/${1 + random.below(7)}`,
        `${a}/${2 + random.below(9)}`,
      ])
    return random.below(3) === 0 ? `${value()},${value()},${value()}` : one()
  }
  const STRETCHES: [zone: string, change: string][] = [
    ['Europe/Berlin', '2026-03-29'],
    ['Europe/Berlin', '2026-10-25'],
    ['America/New_York', '2026-03-08'],
    ['America/New_York', '2026-11-01'],
    ['Australia/Lord_Howe', '2026-04-04'],
    ['Australia/Lord_Howe', '2026-10-03'],
    // Its clocks change at midnight, so that a day begins at 01:00.
    ['Africa/Cairo', '2026-04-23'],
    ['Africa/Cairo', '2026-10-29'],
    ['UTC', '2028-02-29'],
  ]

  it.each(STRETCHES)('%s around %s', (zone, change) => {
    const middle = Date.parse(`${change}T00:00Z`)
    const [from, to] = [middle - 48 * HOUR, middle + 72 * HOUR]
    const clock = wallClock(zone, from - 72 * HOUR, to)
    let changes = 0
    for (let round = 0; round < 10; round++) {
      const text = Array.from({ length: 1 + random.below(3) }, () => {
        const days = random.below(2) ? '* * *' : `${field(31, 1)} * ${field(6)}`
        const hours = random.below(2) ? `${random.below(5)}` : field(23)
        const duration = random.pick(['1m', '20m', '90m', '5h', '25h', '71h'])
        return `${random.pick(['allow', 'deny'])} ${field(59)} ${hours} ${days} ${duration} ${zone}`
      }).join('; ')
      const windows = parseUpdateWindows(text)
      const naive = naiveAnswers(windows, clock)
      for (let look = 0; look < 6; look++) {
        const now = from + random.below((to - from) / 1000) * 1000
        const { open, changesAt } = windowState(windows, new Date(now))
        const when = `${text} at ${new Date(now).toISOString()}`
        expect(naive(now), when).toBe(open)
        if (!changesAt || changesAt.getTime() >= to) continue
        changes++
        const change = changesAt.getTime()
        expect(naive(change), `${when} changes at ${changesAt.toISOString()}`).toBe(!open)
        for (let moment = now; moment < change; moment += MINUTE) {
          if (naive(moment) !== open)
            expect(new Date(moment).toISOString(), when).toBe(changesAt.toISOString())
        }
      }
    }
    expect(changes).toBeGreaterThan(15)
  })
})
