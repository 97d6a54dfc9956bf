import { describe, expect, it } from 'vitest'
import { backoff, Schedule } from '../../src/lib/engine/schedule.ts'

describe('Schedule', () => {
  it('polls what it has never seen at once', () => {
    expect(new Schedule().due(['a', 'b'], 0)).toEqual(new Set(['a', 'b']))
  })

  it('polls each key at its own interval', () => {
    const schedule = new Schedule()
    schedule.polled('often', 0, 10)
    schedule.polled('seldom', 0, 60)
    expect(schedule.due(['often', 'seldom'], 9)).toEqual(new Set())
    expect(schedule.due(['often', 'seldom'], 10)).toEqual(new Set(['often']))
    expect(schedule.due(['often', 'seldom'], 60)).toEqual(new Set(['often', 'seldom']))
  })

  it('counts from the start of the cycle, so that images of one interval stay together', () => {
    const schedule = new Schedule()
    schedule.polled('a', 100, 50)
    schedule.polled('b', 100, 50)
    expect(schedule.due(['a', 'b'], 150)).toEqual(new Set(['a', 'b']))
  })

  it('knows when the next key is due, and a fallback when there is none', () => {
    const schedule = new Schedule()
    expect(schedule.next(7)).toBe(7)
    schedule.polled('a', 0, 60)
    schedule.polled('b', 0, 20)
    expect(schedule.next(7)).toBe(20)
  })

  it('forgets keys that no longer exist', () => {
    const schedule = new Schedule()
    schedule.polled('gone', 0, 20)
    schedule.polled('there', 0, 60)
    schedule.keep(new Set(['there']))
    expect(schedule.next(7)).toBe(60)
    expect(schedule.due(['gone'], 1)).toEqual(new Set(['gone']))
  })
})

describe('backoff', () => {
  it.each([
    [1, 5_000],
    [2, 10_000],
    [3, 20_000],
    [5, 80_000],
    [6, 120_000],
    [1_000, 120_000],
  ])('after %i failures in a row, at an interval of two minutes: %i ms', (failures, expected) => {
    expect(backoff(failures, 120_000)).toBe(expected)
  })

  it('is never longer than a short interval', () => {
    expect(backoff(1, 3_000)).toBe(3_000)
  })
})
