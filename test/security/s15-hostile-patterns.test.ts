import { describe, expect, it } from 'vitest'
import { createStrategy } from '../../src/lib/policy/create-strategy.ts'
import { parseGlob } from '../../src/lib/policy/glob.ts'
import { createTagFilter, TagFilterError } from '../../src/lib/policy/tag-filter.ts'
import { parseConstraint } from '../../src/lib/version/constraint.ts'
import { processorTime } from '../processor-time.ts'

/** A backtracking engine needs some 2^25 steps for these, which is seconds; a linear one a few hundred. */
const EXPONENTIAL = ['^(a+)+$', '^(a|a)*$', '^(a|[a-z])+$', '^([a-z]+)*$']
const TAG = `${'a'.repeat(25)}!`
/** Milliseconds of the processor. */
const LIMIT = 500

describe('S15: patterns from annotations cannot stall the operator', () => {
  it.each(EXPONENTIAL)('%s as a tag filter', (pattern) => {
    const elapsed = processorTime(() => {
      const filter = createTagFilter({ allowTags: `regexp:${pattern}`, imageTagFilter: pattern })
      expect(filter.judge(TAG)?.outcome).toBe('dropped')
    })
    expect(elapsed).toBeLessThan(LIMIT)
  })

  it.each(EXPONENTIAL)('%s as a tag pattern', (pattern) => {
    const elapsed = processorTime(() => {
      const strategy = createStrategy('semver', { tagPattern: `(?P<version>)${pattern}` })
      expect(strategy.considers(TAG)?.stage).toBe('tag-pattern')
    })
    expect(elapsed).toBeLessThan(LIMIT)
  })

  it.each(['^(?!rc)', '(a)\\1', '(?<=v)1', 'a++'])(
    'what only a backtracking engine knows is refused: %s',
    (pattern) => {
      expect(() => createTagFilter({ imageTagFilter: pattern })).toThrow(TagFilterError)
    },
  )

  it.each([
    ['nested counts', '((a{100}){100}){100}'],
    ['a count', 'a{1001}'],
    ['sheer length', 'x'.repeat(10_000)],
  ])('bombs are refused: %s', (_, pattern) => {
    const elapsed = processorTime(() => {
      expect(() => createTagFilter({ imageTagFilter: pattern })).toThrow(TagFilterError)
    })
    expect(elapsed).toBeLessThan(LIMIT)
  })

  it('many stars in a glob', () => {
    const glob = parseGlob(`${'*a'.repeat(400)}b`)
    expect(processorTime(() => expect(glob.matches('a'.repeat(5000))).toBe(false))).toBeLessThan(LIMIT)
  })

  it('blanks and separators without end in a constraint', () => {
    const elapsed = processorTime(() => {
      for (const text of [
        ' '.repeat(100_000),
        `1${' '.repeat(100_000)}x`,
        '1 ||'.repeat(50_000),
        '1 - '.repeat(60),
      ]) {
        expect(() => parseConstraint(text)).toThrow('is not a version constraint')
      }
    })
    expect(elapsed).toBeLessThan(LIMIT)
  })
})
