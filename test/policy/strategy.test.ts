import { describe, expect, it } from 'vitest'
import { createStrategy, type StrategySettings } from '../../src/lib/policy/create-strategy.ts'
import { MissingTagError } from '../../src/lib/policy/digest.ts'
import { PatternError } from '../../src/lib/policy/pattern.ts'
import { readStrategyName, type StrategyName } from '../../src/lib/policy/strategy-name.ts'
import { ConstraintError } from '../../src/lib/version/constraint.ts'

const NOW = new Date('2026-06-01T12:00:00Z')

function ranked(name: StrategyName, tags: string[], settings: StrategySettings = {}): string[] {
  const strategy = createStrategy(name, settings)
  const left = tags.filter((tag) => strategy.considers(tag) === undefined)
  return strategy
    .rank(
      left.map((tag) => ({ tag })),
      NOW,
    )
    .ranked.map(({ tag }) => tag)
}

describe('readStrategyName', () => {
  it.each([
    ['semver', 'semver', 'current'],
    [' DIGEST ', 'digest', 'current'],
    ['', 'semver', 'current'],
    ['Latest', 'newest-build', 'former'],
    ['name', 'alphabetical', 'former'],
    ['newest', 'semver', 'unknown'],
    ['constructor', 'semver', 'unknown'],
  ])('%j is %s, %s', (text, name, spelling) => {
    expect(readStrategyName(text)).toEqual({ name, spelling })
  })
})

describe('semver', () => {
  it('puts the highest version first, the greatest text among equals', () => {
    expect(ranked('semver', ['1.0', 'v1.0.0', '1.0.0', '0.9', '1.1.0'])).toEqual([
      '1.1.0',
      'v1.0.0',
      '1.0.0',
      '1.0',
      '0.9',
    ])
  })

  it.each([
    ['main', 'version', 'not a version'],
    ['2.0.0', 'constraint', 'outside "1.x"'],
    ['1.2.0-rc.1', 'pre-release', 'a pre-release, which "1.x" does not ask for'],
  ])('drops %s with the stage %s', (tag, stage, reason) => {
    const verdict = createStrategy('semver', { constraint: '1.x' }).considers(tag)
    expect(verdict).toEqual({ tag, outcome: 'dropped', stage, reason })
  })

  it('without a constraint takes releases only', () => {
    expect(ranked('semver', ['1.25.0', '1.26.0-alpine'])).toEqual(['1.25.0'])
  })

  it('compares what the tag pattern names', () => {
    const settings = { constraint: '1.x', tagPattern: '^rel-(?P<version>[^_]+)_' }
    expect(
      ranked('semver', ['rel-1.2_a', 'rel-1.10_b', 'rel-2.0_c', '1.99', 'rel-1.10_c'], settings),
    ).toEqual(['rel-1.10_c', 'rel-1.10_b', 'rel-1.2_a'])
  })
})

describe('alphabetical', () => {
  it('puts the last in byte order first and ignores the constraint', () => {
    expect(ranked('alphabetical', ['b', 'B', 'a', 'c'], { constraint: '1.x' })).toEqual(['c', 'b', 'a', 'B'])
  })

  it('compares what the tag pattern names', () => {
    const tagPattern = '-(?P<version>\\d+)$'
    expect(ranked('alphabetical', ['z-1', 'a-2', 'nothing'], { tagPattern })).toEqual(['a-2', 'z-1'])
  })
})

describe('digest', () => {
  it('considers the tag that is followed and no other', () => {
    expect(ranked('digest', ['latest', 'production'], { constraint: 'production' })).toEqual(['production'])
    expect(ranked('digest', ['1.0', '1.1'], { constraint: '1.x' })).toEqual([])
  })
})

describe('newest-build', () => {
  const strategy = createStrategy('newest-build', { constraint: 'not looked at' })
  const at = (text: string): Date => new Date(text)

  it('goes by the push time, however the build dates read', () => {
    const ranking = strategy.rank(
      [
        { tag: 'forged', pushedAt: at('2026-01-01T00:00:00Z'), createdAt: at('2026-05-31T00:00:00Z') },
        { tag: 'real', pushedAt: at('2026-01-02T00:00:00Z'), createdAt: at('2020-01-01T00:00:00Z') },
      ],
      NOW,
    )
    const [winner, second] = ranking.ranked
    expect([winner?.tag, second?.tag]).toEqual(['real', 'forged'])
    expect(winner && ranking.won(winner, ' of 2 candidates')).toBe(
      "newest of 2 candidates, pushed 2026-01-02T00:00:00.000Z by the registry's clock",
    )
    expect(second && winner && ranking.outranked(second, winner)).toBe(
      'pushed 2026-01-01T00:00:00.000Z, not after real',
    )
  })

  it('goes by build dates for all as soon as one push time is unknown', () => {
    const ranking = strategy.rank(
      [
        { tag: 'a', pushedAt: at('2026-05-01T00:00:00Z'), createdAt: at('2026-01-01T00:00:00Z') },
        { tag: 'b', createdAt: at('2026-01-02T00:00:00Z') },
        { tag: 'c', pushedAt: at('2026-05-02T00:00:00Z') },
      ],
      NOW,
    )
    expect(ranking.ranked.map(({ tag }) => tag)).toEqual(['b', 'a'])
    expect(ranking.dropped).toEqual([
      { tag: 'c', outcome: 'dropped', stage: 'date', reason: 'it is not known when it was built' },
    ])
    expect(ranking.won({ tag: 'b' }, '')).toContain("by the publisher's clock")
  })

  it('breaks ties by text', () => {
    const createdAt = at('1970-01-01T00:00:00Z')
    const { ranked: order } = strategy.rank(
      ['a', 'c', 'b'].map((tag) => ({ tag, createdAt })),
      NOW,
    )
    expect(order.map(({ tag }) => tag)).toEqual(['c', 'b', 'a'])
  })

  it('refuses dates that are none', () => {
    expect(strategy.rank([{ tag: 'a', createdAt: at('garbage') }], NOW).ranked).toEqual([])
  })
})

describe('createStrategy refuses', () => {
  it.each([
    ['semver', { constraint: 'tag1' }, ConstraintError],
    ['semver', { tagPattern: '(' }, PatternError],
    ['semver', { tagPattern: '^v(.*)$' }, PatternError],
    ['newest-build', { tagPattern: '^v(?P<versoin>.*)$' }, PatternError],
    ['digest', {}, MissingTagError],
  ] as const)('%s with %j', (name, settings, error) => {
    expect(() => createStrategy(name, settings)).toThrow(error)
  })
})
