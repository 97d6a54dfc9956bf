import { describe, expect, it } from 'vitest'
import { parsePlatform } from '../../src/lib/image/platform.ts'
import type { Candidate } from '../../src/lib/policy/candidate.ts'
import { createStrategy } from '../../src/lib/policy/create-strategy.ts'
import { conclude, judgePlatforms, type Policy, shortlist } from '../../src/lib/policy/select.ts'
import { createTagFilter } from '../../src/lib/policy/tag-filter.ts'
import { processorTime } from '../processor-time.ts'

const NOW = new Date('2026-06-01T12:00:00Z')
const named = (...tags: string[]): Candidate[] => tags.map((tag) => ({ tag }))

const policy: Policy = {
  filter: createTagFilter({ ignoreTags: ['*-dev'] }),
  strategy: createStrategy('semver', { constraint: '1.x' }),
}

describe('a selection', () => {
  it('has a verdict with a reason for every tag', () => {
    const list = shortlist(policy, named('1.0', '1.2', '2.0', 'main', '1.3-dev', '1.1'))
    const selection = conclude(list, policy.strategy.rank(list.candidates, NOW))
    expect(selection).toEqual({
      winner: { tag: '1.2' },
      considered: 6,
      counts: { constraint: 1, version: 1, 'ignore-tags': 1 },
      verdicts: [
        { tag: '1.2', outcome: 'winner', reason: 'highest version of 3 candidates' },
        { tag: '1.1', outcome: 'outranked', reason: 'not higher than 1.2' },
        { tag: '1.0', outcome: 'outranked', reason: 'not higher than 1.2' },
        { tag: '2.0', outcome: 'dropped', stage: 'constraint', reason: 'outside "1.x"' },
        { tag: 'main', outcome: 'dropped', stage: 'version', reason: 'not a version' },
        { tag: '1.3-dev', outcome: 'dropped', stage: 'ignore-tags', reason: 'matches ignore-tags *-dev' },
      ],
    })
  })

  it('has no winner when nothing is left', () => {
    const list = shortlist(policy, named('main'))
    const selection = conclude(list, policy.strategy.rank(list.candidates, NOW))
    expect(selection.winner).toBeUndefined()
    expect(selection).toMatchObject({ considered: 1, counts: { version: 1 } })
  })

  it('goes to the next best when the best does not run on the wanted platform', () => {
    const list = shortlist(policy, named('1.0', '1.2'))
    const arm = { tag: '1.2', platforms: [parsePlatform('linux/arm64/v8')] }
    const unfit = judgePlatforms(arm, [parsePlatform('linux/amd64')])
    const selection = conclude(list, policy.strategy.rank(list.candidates, NOW), unfit ? [unfit] : [])
    expect(selection.winner?.tag).toBe('1.0')
    expect(selection.counts).toEqual({ platform: 1 })
    expect(selection.verdicts).toContainEqual({
      tag: '1.2',
      outcome: 'dropped',
      stage: 'platform',
      reason: 'offers linux/arm64/v8, not linux/amd64',
    })
  })

  it('asks for no platform when none is wanted', () => {
    expect(judgePlatforms({ tag: '1.0' }, [])).toBeUndefined()
  })
})

describe('a shortlist says what must still be found out', () => {
  const pushedAt = new Date('2026-01-01T00:00:00Z')
  it.each([
    ['semver', [{ tag: '1.0' }], 'nothing'],
    ['alphabetical', [{ tag: '1.0' }], 'nothing'],
    ['newest-build', [{ tag: '1.0' }], 'dates'],
    ['newest-build', [{ tag: '1.0', pushedAt }], 'nothing'],
    ['newest-build', [{ tag: '1.0', pushedAt }, { tag: '1.1' }], 'dates'],
    ['digest', [{ tag: '1.0' }], 'digest'],
    ['digest', [{ tag: '1.0', digest: 'sha256:1' }], 'nothing'],
  ] as const)('%s of %j: %s', (name, tags, missing) => {
    const strategy = createStrategy(name, { constraint: '1.0' })
    expect(shortlist({ filter: createTagFilter(), strategy }, tags).missing).toBe(missing)
  })
})

it('decides among 100,000 tags within seconds', () => {
  const tags = Array.from({ length: 100_000 }, (_, index) => ({ tag: `v1.${index % 977}.${index}` }))
  const strategy = createStrategy('semver', { constraint: '>=1.0 <2' })
  const filter = createTagFilter({ imageTagFilter: '^v\\d+\\.\\d+\\.\\d+$', ignoreTags: ['*-rc*'] })
  const spent = processorTime(() => {
    const list = shortlist({ filter, strategy }, tags)
    const selection = conclude(list, strategy.rank(list.candidates, NOW))
    expect(selection.winner?.tag).toBe('v1.976.99653')
    expect(selection.verdicts).toHaveLength(100_000)
  })
  expect(spent).toBeLessThan(10_000)
})
