import { describe, expect, it } from 'vitest'
import { RequestRate } from '../../../src/cli/flags/request-rate.ts'

/** The rate after these totals since the start, each at a second. */
function rateAfter(...samples: readonly (readonly [second: number, sent: number])[]): number {
  const rate = new RequestRate()
  for (const [second, sent] of samples) rate.note(second * 1000, sent)
  return rate.perMinute
}

describe('requests per minute', () => {
  it.each<[string, [number, number][], number]>([
    ['nothing is known', [], 0],
    ['only the start is known', [[0, 7]], 0],
    [
      'all of the last minute',
      [
        [0, 0],
        [10, 4],
        [50, 9],
      ],
      9,
    ],
    [
      'what is older than a minute does not count',
      [
        [0, 0],
        [10, 100],
        [65, 100],
        [70, 103],
      ],
      3,
    ],
    [
      'after a long silence',
      [
        [0, 0],
        [1, 5],
        [4000, 5],
      ],
      0,
    ],
  ])('%s', (_, samples, expected) => {
    expect(rateAfter(...samples)).toBe(expected)
  })
})
