import { describe, expect, it } from 'vitest'
import { previewChoice } from '../../src/lib/policy/preview.ts'
import { choiceSettings } from '../../src/lib/rules/choice-settings.ts'
import { type RuleSuggestion, suggestRules } from '../../src/lib/rules/suggest-rule.ts'

const NGINX = [
  ...['1', '1.25', '1.26', '1.25.3', '1.25.4', '1.26.0', '1.27.0'],
  ...['1.25.3-alpine', '1.26.0-alpine', '1.26.0-alpine-slim', 'latest', 'stable', 'mainline'],
]
const POSTGRES = ['15', '16', '15.4', '16.1', '16.2', '16.1-alpine', '16.2-alpine', '16-alpine', 'latest']
const CI = ['main-1a2b3c4', 'main-2b3c4d5', 'login-3c4d5e6', 'latest', 'sha256-abc.sig']
const ECR = ['production', 'staging', '1a2b3c4d5e', '2b3c4d5e6f']
const V = ['v1.0.0', 'v1.1.0', 'v2.0.0-rc.1', 'v2.0.0', 'sha256-abc.sig']

type Expected = Partial<RuleSuggestion> & { readonly strategy: RuleSuggestion['strategy'] }

describe('suggestRules', () => {
  it.each<[what: string, tags: string[], running: string, first: Expected, wins: string | undefined]>([
    [
      'versions, with a filter where a bare number would count as the highest version',
      NGINX,
      '1.25.3',
      { strategy: 'semver', constraint: '^1.25', tagFilter: String.raw`^v?[0-9]+\.`, tagPattern: '' },
      '1.27.0',
    ],
    [
      'versions with a v, without a filter that nothing needs',
      V,
      'v1.0.0',
      { strategy: 'semver', constraint: '^1.0', tagFilter: '', tagPattern: '' },
      'v1.1.0',
    ],
    [
      'a pre-release, by a range that lets others in',
      V,
      'v2.0.0-rc.1',
      { strategy: 'semver', constraint: '>=2.0.0-0' },
      'v2.0.0',
    ],
    [
      'a variant, of which only the version is compared',
      NGINX,
      '1.25.3-alpine',
      {
        strategy: 'semver',
        constraint: '^1.25',
        tagFilter: '',
        tagPattern: String.raw`^(?P<version>\d+\.\d+\.\d+)-alpine$`,
      },
      '1.26.0-alpine',
    ],
    ['a version that is moved', NGINX, '1.25', { strategy: 'digest', constraint: '1.25' }, '1.25'],
    ['a major version that is moved', POSTGRES, '16', { strategy: 'digest', constraint: '16' }, '16'],
    [
      'versions of two numbers',
      POSTGRES,
      '16.1',
      { strategy: 'semver', constraint: '^16.1', tagFilter: String.raw`^v?[0-9]+\.` },
      '16.2',
    ],
    [
      'a variant of two numbers',
      POSTGRES,
      '16.1-alpine',
      { strategy: 'semver', tagPattern: String.raw`^(?P<version>\d+\.\d+)-alpine$` },
      '16.2-alpine',
    ],
    [
      'branch and commit',
      CI,
      'main-1a2b3c4',
      { strategy: 'newest-build', constraint: '', tagFilter: '^main-[0-9a-f]{7,40}$' },
      undefined,
    ],
    [
      'days',
      ['20260913', '20260914', 'latest', '1.0.0'],
      '20260913',
      { strategy: 'alphabetical', constraint: '', tagFilter: String.raw`^\d{8}$` },
      '20260914',
    ],
    [
      'days with a commit, where nothing runs',
      ['2026-09-13-abc1234', '2026-09-14-0bc1234', 'latest'],
      '',
      { strategy: 'alphabetical', tagFilter: String.raw`^\d{4}-\d{2}-\d{2}-[0-9a-f]{7,40}$` },
      '2026-09-14-0bc1234',
    ],
    [
      'a tag that CI moves',
      ECR,
      'production',
      { strategy: 'digest', constraint: 'production' },
      'production',
    ],
    ['latest', V, 'latest', { strategy: 'digest', constraint: 'latest' }, undefined],
    [
      'build numbers, which text order would get wrong',
      ['9', '10', '2'],
      '9',
      { strategy: 'semver', constraint: '', tagFilter: String.raw`^\d+$` },
      '10',
    ],
    [
      'build numbers with a name',
      ['build-9', 'build-10', 'build-2'],
      '',
      { strategy: 'semver', constraint: '', tagPattern: String.raw`^build-(?P<version>\d+)$` },
      'build-10',
    ],
    [
      'what most tags are, where nothing runs',
      ['1.0.0', '1.1.0', 'main-1a2b3c4'],
      '',
      { strategy: 'semver', constraint: '' },
      '1.1.0',
    ],
  ])('%s', (_, tags, running, first, wins) => {
    const [suggestion] = suggestRules(tags, running)
    expect(suggestion).toMatchObject(first)
    expect(suggestion?.reason).toMatch(/^[^\n]{20,160}$/)
    const candidates = tags.map((tag) => ({ tag }))
    const { winner } = previewChoice(choiceSettings(suggestion ?? {}), candidates, running, new Date())
    expect(winner).toBe(wins)
  })

  it('goes on with other strategies, each once', () => {
    expect(suggestRules(ECR, 'production').map(({ strategy }) => strategy)).toEqual([
      'digest',
      'newest-build',
    ])
    expect(suggestRules(POSTGRES, '16')).toMatchObject([
      { strategy: 'digest' },
      { strategy: 'semver', constraint: '^16' },
    ])
    expect(suggestRules(CI, '')).toMatchObject([
      { strategy: 'newest-build' },
      { strategy: 'digest', constraint: 'latest' },
    ])
  })

  it('has nothing to say of nothing', () => {
    expect(suggestRules([], '')).toEqual([])
    expect(suggestRules(['sha256-abc.sig'], '')).toEqual([])
  })

  it('takes a running tag that is gone for an example all the same', () => {
    expect(suggestRules(['1.1.0'], '1.0.0')[0]).toMatchObject({ strategy: 'semver', constraint: '^1.0' })
  })
})
