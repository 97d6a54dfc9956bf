import { describe, expect, it } from 'vitest'
import type { Candidate } from '../../src/lib/policy/candidate.ts'
import { type ChoiceSettings, previewChoice } from '../../src/lib/policy/preview.ts'

const NOW = new Date('2026-09-14T12:00:00Z')
const named = (...tags: string[]): Candidate[] => tags.map((tag) => ({ tag }))
const TAGS = named('1.0.0', '1.1.0', '2.0.0', 'nightly', 'sha256-abc.sig')

function preview(settings: ChoiceSettings, tags: readonly Candidate[] = TAGS, running = '') {
  return previewChoice(settings, tags, running, NOW)
}

describe('previewChoice', () => {
  it.each<[string, ChoiceSettings, string[], string | undefined]>([
    ['versions, highest first', { strategy: 'semver' }, ['2.0.0', '1.1.0', '1.0.0'], '2.0.0'],
    ['a range', { strategy: 'semver', constraint: '^1.0' }, ['1.1.0', '1.0.0'], '1.1.0'],
    ['a filter', { strategy: 'alphabetical', imageTagFilter: '^1' }, ['1.1.0', '1.0.0'], '1.1.0'],
    ['globs', { strategy: 'semver', ignoreTags: ['2.*'] }, ['1.1.0', '1.0.0'], '1.1.0'],
    ['a tag that is followed', { strategy: 'digest', constraint: 'nightly' }, ['nightly'], 'nightly'],
    ['nothing', { strategy: 'semver', constraint: '^3' }, [], undefined],
    [
      'one tag, whose date does not matter',
      { strategy: 'newest-build', imageTagFilter: '^n' },
      ['nightly'],
      'nightly',
    ],
  ])('%s', (_, settings, left, winner) => {
    expect(preview(settings)).toEqual({ left, needsDates: false, ...(winner && { winner }) })
  })

  it('counts names alone where dates would have to be asked for', () => {
    const settings = { imageTagFilter: String.raw`^\d`, strategy: 'newest-build' } as const
    expect(preview(settings)).toEqual({ left: ['1.0.0', '1.1.0', '2.0.0'], needsDates: true })
  })

  it('knows the newest where the listing has push times', () => {
    const tags = [
      { tag: 'b', pushedAt: new Date('2026-09-01T00:00:00Z') },
      { tag: 'a', pushedAt: new Date('2026-09-02T00:00:00Z') },
    ]
    expect(preview({ strategy: 'newest-build' }, tags)).toEqual({
      left: ['a', 'b'],
      needsDates: false,
      winner: 'a',
    })
  })

  it('prefers the spelling that runs', () => {
    const tags = named('1.0', 'v1.0.0')
    expect(preview({ strategy: 'semver' }, tags, '1.0').winner).toBe('1.0')
  })

  it('throws for what cannot be read', () => {
    expect(() => preview({ strategy: 'semver', constraint: '>>1' })).toThrow()
    expect(() => preview({ strategy: 'semver', imageTagFilter: '(' })).toThrow()
  })
})
