import { afterEach, describe, expect, it, vi } from 'vitest'
import { ConstraintError, parseConstraint } from '../../src/lib/version/constraint.ts'
import { compareVersions, formatVersion, parseVersion, type Version } from '../../src/lib/version/version.ts'
import { SeededRandom } from '../seeded-random.ts'

const SEEDS = Array.from({ length: 3000 }, (_, seed) => seed)
const PIECES = [
  ...['0', '1', '2', '9', '01', '18446744073709551615', '18446744073709551616', 'x', 'X', '*', 'v', 'V'],
  ...['.', '..', '-', '--', '+', 'rc', 'rc.1', '-0', '-01', 'alpha', '_', '/', '@', ':', '$', '\\', '"', "'"],
  ...[
    '=',
    '!=',
    '>',
    '<',
    '>=',
    '=>',
    '<=',
    '=<',
    '~',
    '~>',
    '^',
    '!',
    '||',
    '|',
    ',',
    ' ',
    ' - ',
    '\t',
    '\n',
  ],
  ...['\u0000', '\u001b[2J', '\u202e', '\ud800', 'é', '١', '1.2.3', 'v1.2', '1.x', '>=1.2 <2', '1.0 - 2.0'],
]
const SAMPLES = ['1.2.3', 'v2', '0.0.0', '1.0.0-rc.1', '18446744073709551615.0.0'].map(
  (text) => parseVersion(text) as Version,
)

/** Text after the manner of versions and constraints, mostly malformed. */
function hostile(seed: number): string {
  const random = new SeededRandom(seed)
  return random.text(PIECES, random.pick([3, 8, 60]))
}

describe('hostile texts', () => {
  it('a constraint is read, or refused with the typed error that names it; then it judges every version', () => {
    let read = 0
    for (const seed of SEEDS) {
      const text = hostile(seed)
      try {
        const constraint = parseConstraint(text)
        read += 1
        for (const version of SAMPLES) expect(typeof constraint.check(version).match).toBe('boolean')
      } catch (error) {
        expect(error, `seed ${seed}: ${JSON.stringify(text)}`).toBeInstanceOf(ConstraintError)
        expect((error as ConstraintError).remedy).not.toBe('')
      }
    }
    expect(read).toBeGreaterThan(50)
  })

  it('a version is read or is none, survives its full spelling, and is in the constraint that names it', () => {
    let read = 0
    for (const seed of SEEDS) {
      const text = hostile(seed)
      const version = parseVersion(text)
      if (version === undefined) continue
      read += 1
      const again = parseVersion(formatVersion(version))
      expect(again && compareVersions(version, again), `seed ${seed}: ${JSON.stringify(text)}`).toBe(0)
      const exact = parseConstraint(`=${formatVersion(version)}`)
      expect(exact.check(version), `seed ${seed}: ${JSON.stringify(text)}`).toEqual({ match: true })
    }
    expect(read).toBeGreaterThan(50)
  })

  it('two versions compare the same from either side', () => {
    const versions = SEEDS.flatMap((seed) => parseVersion(hostile(seed)) ?? [])
    for (const [index, a] of versions.entries()) {
      const b = versions[(index * 7 + 3) % versions.length] as Version
      // -0 is what 0 from the other side would be.
      expect(compareVersions(a, b) + compareVersions(b, a)).toBe(0)
    }
  })

  it('an error message does not repeat a text without end', () => {
    const message = (text: string): string => {
      try {
        parseConstraint(text)
        return ''
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(message('1'.repeat(1_000_000)).slice(0, 300)).toBe(
      `"${'1'.repeat(40)}…" is not a version constraint: it has 1000000 characters, more than 256`,
    )
  })
})

describe('work grows with the length of the text and no faster', () => {
  /** Pieces that invite backtracking, repeated to a length. */
  const INVITATIONS = [
    '1',
    '1.',
    '-',
    '1-',
    '-a.',
    '>',
    '~>',
    ' ',
    '||',
    '1 ',
    '1,',
    '1 - ',
    'x.',
    '+a',
    '>=1 ',
  ]
  const LONGEST = 256

  afterEach(() => {
    vi.restoreAllMocks()
  })

  /** How often a regular expression is started, and over how many characters all of them went. */
  function steps(work: () => void): number {
    let count = 0
    const original = RegExp.prototype.exec
    vi.spyOn(RegExp.prototype, 'exec').mockImplementation(function (this: RegExp, text: string) {
      const match = original.call(this, text)
      count += 1 + (match?.[0].length ?? 0)
      return match
    })
    try {
      work()
    } catch (error) {
      if (!(error instanceof ConstraintError)) throw error
    }
    vi.restoreAllMocks()
    return count
  }

  it.each(INVITATIONS)('%j, again and again', (piece) => {
    for (const ending of ['', '!', '\n', '1', '.']) {
      for (const length of [16, 64, LONGEST - 1]) {
        const text = piece.repeat(length).slice(0, length) + ending
        const most = 10 * text.length + 10
        expect(steps(() => void parseConstraint(text))).toBeLessThanOrEqual(most)
        expect(steps(() => void parseVersion(text))).toBeLessThanOrEqual(most)
      }
    }
  })

  it.each(INVITATIONS)('%j, far beyond any length people write: refused without a look', (piece) => {
    const text = piece.repeat(100_000)
    expect(steps(() => void parseConstraint(text))).toBe(0)
    expect(steps(() => void parseVersion(text))).toBe(0)
  })
})
