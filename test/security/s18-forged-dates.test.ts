import { describe, expect, it } from 'vitest'
import { createStrategy } from '../../src/lib/policy/create-strategy.ts'

const NOW = new Date('2026-06-01T12:00:00Z')
const HOUR = 60 * 60 * 1000
const strategy = createStrategy('newest-build')

describe('S18: a forged build date does not win', () => {
  it('where the registry says when each tag was pushed', () => {
    const ranking = strategy.rank(
      [
        { tag: 'forged', pushedAt: new Date('2026-01-01'), createdAt: new Date('2026-05-31') },
        { tag: 'newest', pushedAt: new Date('2026-05-01'), createdAt: new Date('2026-04-30') },
      ],
      NOW,
    )
    expect(ranking.ranked.map(({ tag }) => tag)).toEqual(['newest', 'forged'])
  })

  it('where it lies more than a day ahead', () => {
    const ranking = strategy.rank(
      [
        { tag: 'year-2999', createdAt: new Date('2999-01-01T00:00:00Z') },
        { tag: 'tomorrow', createdAt: new Date(NOW.getTime() + 25 * HOUR) },
        { tag: 'clocks-differ', createdAt: new Date(NOW.getTime() + 23 * HOUR) },
        { tag: 'honest', createdAt: new Date('2026-05-01T00:00:00Z') },
      ],
      NOW,
    )
    expect(ranking.ranked.map(({ tag }) => tag)).toEqual(['clocks-differ', 'honest'])
    expect(ranking.dropped).toMatchObject([
      { tag: 'year-2999', stage: 'date', reason: expect.stringContaining('more than a day in the future') },
      { tag: 'tomorrow', stage: 'date' },
    ])
  })
})
