import { describe, expect, it } from 'vitest'
import { age, humanDuration } from '../../src/lib/age.ts'
import { type ColourMode, chooseColour } from '../../src/lib/terminal/colour.ts'
import { shortDigest, tagAndDigest } from '../../src/lib/terminal/shorten.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY

describe('humanDuration', () => {
  // kubectl's own table: k8s.io/apimachinery/pkg/util/duration.
  it.each([
    [-5 * SECOND, '0s'],
    [0, '0s'],
    [SECOND - 1, '0s'],
    [SECOND, '1s'],
    [2 * MINUTE - 1, '119s'],
    [2 * MINUTE, '2m'],
    [2 * MINUTE + SECOND, '2m1s'],
    [10 * MINUTE - 1, '9m59s'],
    [10 * MINUTE, '10m'],
    [10 * MINUTE + 59 * SECOND, '10m'],
    [3 * HOUR - 1, '179m'],
    [3 * HOUR, '3h'],
    [3 * HOUR + MINUTE, '3h1m'],
    [8 * HOUR - 1, '7h59m'],
    [8 * HOUR, '8h'],
    [8 * HOUR + 59 * MINUTE, '8h'],
    [2 * DAY - 1, '47h'],
    [2 * DAY, '2d'],
    [2 * DAY + HOUR, '2d1h'],
    [8 * DAY - 1, '7d23h'],
    [8 * DAY, '8d'],
    [8 * DAY + 23 * HOUR, '8d'],
    [2 * YEAR - 1, '729d'],
    [2 * YEAR, '2y'],
    [2 * YEAR + DAY, '2y1d'],
    [8 * YEAR - 1, '7y364d'],
    [8 * YEAR, '8y'],
    [8 * YEAR + 364 * DAY, '8y'],
    [56 * YEAR, '56y'],
  ])('%i ms is %s', (milliseconds, text) => {
    expect(humanDuration(milliseconds)).toBe(text)
  })

  it('says nothing of a moment that is not known', () => {
    const now = new Date('2026-03-01T12:00:00Z')
    expect(age(undefined, now)).toBe('')
    expect(age(new Date('2026-03-01T11:59:22Z'), now)).toBe('38s')
  })
})

describe('chooseColour', () => {
  const terminal = { isTTY: true }
  const file = {}
  it.each<[string, ColourMode, object, Record<string, string>, boolean]>([
    ['a terminal', 'auto', terminal, { TERM: 'xterm-256color' }, true],
    ['a terminal without TERM', 'auto', terminal, {}, true],
    ['a file', 'auto', file, {}, false],
    ['a dumb terminal', 'auto', terminal, { TERM: 'dumb' }, false],
    ['NO_COLOR', 'auto', terminal, { NO_COLOR: '1' }, false],
    ['NO_COLOR by its presence, not its value', 'auto', terminal, { NO_COLOR: '' }, false],
    ['never, on a terminal', 'never', terminal, {}, false],
    ['always, in a file', 'always', file, {}, true],
    ['always, although NO_COLOR', 'always', terminal, { NO_COLOR: '1' }, true],
  ])('%s', (_name, mode, stream, environment, coloured) => {
    const painted = chooseColour(mode, stream, environment)('red', 'x')
    expect(painted).toBe(coloured ? '\u001b[31mx\u001b[39m' : 'x')
  })
})

describe('shortening', () => {
  const digest = 'sha256:9f1c2b7a04de11112222333344445555666677778888999900001111222233334'

  it.each([
    [digest, '9f1c2b7a04de'],
    ['9f1c', '9f1c'],
    ['', ''],
  ])('of digest %j', (text, short) => {
    expect(shortDigest(text)).toBe(short)
  })

  it.each([
    ['production', digest, 'production@9f1c2b7a04de'],
    ['production', '', 'production'],
    ['', digest, '@9f1c2b7a04de'],
    ['', '', ''],
  ])('of tag %j with digest %j', (tag, given, short) => {
    expect(tagAndDigest(tag, given)).toBe(short)
  })
})
