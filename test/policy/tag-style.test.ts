import { describe, expect, it } from 'vitest'
import { createStrategy } from '../../src/lib/policy/create-strategy.ts'
import { comparedPart } from '../../src/lib/policy/tag-pattern.ts'
import { bySpelling } from '../../src/lib/policy/tag-style.ts'
import { SeededRandom } from '../seeded-random.ts'

const NOW = new Date('2026-06-01T12:00:00Z')
const PATTERN = '^(?:app-)?(?P<version>v?[0-9.]+)(?:-alpine)?$'

function winner(tags: readonly string[], running: string, tagPattern?: string): string | undefined {
  const strategy = createStrategy('semver', tagPattern === undefined ? {} : { tagPattern })
  return strategy.rank(
    tags.map((tag) => ({ tag })),
    NOW,
    running,
  ).ranked[0]?.tag
}

describe('of equal versions', () => {
  it.each<[string, string, string, string[]]>([
    ['nothing runs: the greatest text', '', 'v1.0.0', ['1.0', '1.0.0', 'v1.0.0']],
    ['the running one is kept', '1.0', '1.0', ['1.0', '1.0.0', 'v1.0.0']],
    ['the running one is kept, though it is spelt like no other', '1', '1', ['1', '1.0.0', 'v1.0.0']],
    ['with v, as before', 'v0.9.0', 'v1.0.0', ['1.0.0', 'v1.0.0']],
    ['without v, as before', '0.9.0', '1.0.0', ['1.0.0', 'v1.0.0']],
    ['two numbers, as before', '0.9', '1.0', ['1.0', '1.0.0', 'v1.0', 'v1.0.0']],
    ['three numbers and v, as before', 'v0.9.3', 'v1.0.0', ['1.0', '1.0.0', 'v1.0', 'v1.0.0']],
    ['the running tag is no version', 'latest', 'v1.0.0', ['1.0.0', 'v1.0.0']],
    ['a higher version wins over the spelling', '1.0', 'v1.1.0', ['1.0', 'v1.1.0']],
  ])('%s', (_name, running, expected, tags) => {
    expect(winner(tags, running)).toBe(expected)
    expect(winner(tags.toReversed(), running)).toBe(expected)
  })

  it.each<[string, string]>([
    ['app-0.9', 'app-1.0'],
    ['0.9-alpine', '1.0-alpine'],
    ['app-v0.9-alpine', 'app-1.0-alpine'],
  ])('what stands around the version is part of the spelling: %s goes to %s', (running, expected) => {
    const tags = ['1.0', 'v1.0.0', 'app-1.0', '1.0-alpine', 'app-1.0-alpine']
    expect(winner(tags, running, PATTERN)).toBe(expected)
  })

  it('says which other spelling there is', () => {
    const ranking = createStrategy('semver').rank([{ tag: '1.0.0' }, { tag: 'v1.0.0' }], NOW, '1.0.0')
    expect(ranking.won({ tag: '1.0.0' }, ' of 2 candidates')).toBe(
      'highest version of 2 candidates, spelt v1.0.0 as well',
    )
  })

  it('alphabetical keeps the running one of tags whose compared part is the same', () => {
    const strategy = createStrategy('alphabetical', { tagPattern: '^(?P<version>[0-9]+)(?:-[a-z]+)?$' })
    const tags = [{ tag: '7' }, { tag: '7-slim' }, { tag: '7-alpine' }]
    expect(strategy.rank(tags, NOW, '7-alpine').ranked[0]?.tag).toBe('7-alpine')
  })
})

describe('an answer never flaps', () => {
  const cases = Array.from({ length: 300 }, (_, seed) => seed)
  const tagOf = (random: SeededRandom) =>
    random.pick(['', 'v']) +
    Array.from({ length: 1 + random.below(3) }, () => random.pick(['0', '1', '00'])).join('.')

  it.each(['plain tags', 'a tag-pattern'])(
    '%s: whatever the order, the winner wins again once it runs',
    (kind) => {
      const pattern = kind === 'plain tags' ? undefined : PATTERN
      for (const seed of cases) {
        const random = new SeededRandom(seed)
        const around = (tag: string) =>
          pattern === undefined ? tag : random.pick(['', 'app-']) + tag + random.pick(['', '-alpine'])
        const tags = [...new Set(Array.from({ length: 1 + random.below(12) }, () => around(tagOf(random))))]
        const running = random.pick([...tags, around(tagOf(random)), 'latest', ''])
        const first = winner(tags, running, pattern) ?? ''
        expect(tags, `seed ${seed}`).toContain(first)
        for (let again = 0; again < 3; again++) {
          expect(winner(random.shuffled(tags), running, pattern), `seed ${seed}, shuffled`).toBe(first)
          expect(winner(random.shuffled(tags), first, pattern), `seed ${seed}, running`).toBe(first)
        }
      }
    },
  )

  it('is an order of all tags: no two are equal, and it is transitive', () => {
    for (const seed of cases.slice(0, 100)) {
      const random = new SeededRandom(seed)
      const order = bySpelling(tagOf(random), comparedPart(undefined))
      const tags = [...new Set(Array.from({ length: 8 }, () => tagOf(random)))]
      const sorted = tags.toSorted(order)
      for (const [index, tag] of sorted.entries()) {
        for (const later of sorted.slice(index + 1)) expect(order(tag, later), `seed ${seed}`).toBeLessThan(0)
      }
    }
  })
})
