import { describe, expect, it } from 'vitest'
import { ANNOTATION_PREFIX } from '../../src/lib/rules/annotation-keys.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { type Controls, isHeld } from '../../src/lib/rules/controls.ts'

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`

/** The controls that annotations make for the image `web`, or what is wrong with them. */
function read(written: Readonly<Record<string, string>>): Controls | string[] {
  const annotations = Object.fromEntries(
    Object.entries({ 'image-list': 'web=org/web', ...written }).map(([key, text]) => [
      `${ANNOTATION_PREFIX}${key}`,
      text,
    ]),
  )
  const { rules, problems } = readAnnotationRules({ metadata: { annotations, name: 'shop' } })
  const [rule] = rules
  return rule?.controls ?? problems.map(({ key, problem, remedy }) => `${key}: ${problem}. ${remedy}`)
}

describe('what must be respected', () => {
  it.each<[string, Record<string, string>, Partial<Controls>]>([
    ['nothing by itself', {}, {}],
    ['min-age', { 'web.min-age': '1h30m' }, { minAge: 5_400_000 }],
    ['no age', { 'min-age': '0' }, {}],
    ['max-bump in any case', { 'max-bump': 'Minor' }, { maxBump: 'minor' }],
    [
      'an image’s own before the Application’s',
      { 'max-bump': 'major', 'web.max-bump': 'patch' },
      { maxBump: 'patch' },
    ],
    ['a hold', { 'web.hold': 'true' }, { hold: { by: '', reason: '' } }],
    [
      'a hold with who and why',
      { 'web.hold': 'true', 'web.hold-by': 'ann', 'web.hold-reason': 'incident 7' },
      { hold: { by: 'ann', reason: 'incident 7' } },
    ],
    [
      'hold-until alone',
      { 'hold-until': '2026-03-01T18:00:00+01:00' },
      { hold: { by: '', reason: '', until: new Date('2026-03-01T17:00:00Z') } },
    ],
    [
      'a hold that is switched off, whatever stands beside it',
      { 'hold-until': '2099-01-01T00:00:00Z', 'web.hold': 'false' },
      {},
    ],
    [
      'declined tags, with a digest and without',
      { 'web.skip-tags': `1.5.0, production@${DIGEST},` },
      {
        skips: [
          { digest: '', tag: '1.5.0' },
          { digest: DIGEST, tag: 'production' },
        ],
      },
    ],
    [
      'after another Application',
      { after: 'shop-staging' },
      { after: { application: 'shop-staging', duration: 0 } },
    ],
    [
      'after it, for a while',
      { after: 'stage/shop: 30m' },
      { after: { application: 'stage/shop', duration: 1_800_000 } },
    ],
  ])('%s', (_name, written, expected) => {
    expect(read(written)).toEqual({ skips: [], ...expected })
  })

  it.each([
    ['min-age', 'one day', 'min-age: "one day" is not a duration. Write numbers with the units s, m or h'],
    ['min-age', '-1h', 'min-age: "-1h" is no age. Write a duration such as 24h'],
    ['max-bump', 'mino', 'max-bump: "mino" is no size of a version step. Write minor'],
    ['hold', 'yes', 'hold: "yes" is neither true nor false'],
    ['hold-until', 'tomorrow', 'hold-until: "tomorrow" is no moment. Write date, time and zone by RFC 3339'],
    ['hold-until', '2026-03-01', 'hold-until: "2026-03-01" is no moment'],
    ['hold-until', '2026-13-01T00:00:00Z', 'hold-until: "2026-13-01T00:00:00Z" is no moment'],
    ['skip-tags', 'a b', 'skip-tags: "a b" is no tag. Write tags separated by commas'],
    ['skip-tags', 'x@sha256:12', 'skip-tags: "x@sha256:12" is no tag'],
    ['after', 'Shop', 'after: "Shop" names no Application'],
    ['after', 'shop:soon', 'after: "shop:soon" names no duration after the colon. Write shop:30m'],
    ['after', 'shop:-5m', 'after: "shop:-5m" names no duration'],
  ])('%s %s stops the image, and says what would be right', (key, text, expected) => {
    expect(read({ [key]: text })).toEqual([expect.stringContaining(expected)])
  })
})

describe('a hold', () => {
  const now = new Date('2026-03-01T12:00:00Z')
  it.each([
    ['without end', {}, true],
    ['until later', { until: new Date('2026-03-01T12:00:01Z') }, true],
    ['until now', { until: now }, false],
  ])('%s', (_name, until, expected) => {
    expect(isHeld({ by: '', reason: '', ...until }, now)).toBe(expected)
  })

  it('that does not exist', () => expect(isHeld(undefined, now)).toBe(false))
})
