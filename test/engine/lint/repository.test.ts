import { describe, expect, it } from 'vitest'
import { applicationOf } from '../world.ts'
import { lintLines, lintOf } from './linted.ts'

const TAGS = { '1.0.0': {}, '1.1.0': {}, '2.0.0-rc.1': {}, main: {}, 'sha256-0a1b.sig': {} }

describe('a rule that no tag fits', () => {
  it.each([
    [
      'a constraint',
      { 'image-list': 'app=org/app:~3.0' },
      'image-list: 5 tags in org/app, none fits: 3 outside the constraint ("1.0.0"), 1 not a version ("main"), 1 signatures or attestations',
    ],
    [
      'image-tag-filter',
      { 'image-list': 'app=org/app', 'app.image-tag-filter': '^prod$' },
      'app.image-tag-filter: 5 tags in org/app, none fits: 4 outside image-tag-filter ("1.0.0"), 1 signatures',
    ],
    [
      'ignore-tags of the whole Application',
      { 'image-list': 'app=org/app', 'ignore-tags': '*' },
      'app.ignore-tags: 5 tags in org/app, none fits: 4 dropped by ignore-tags',
    ],
    [
      'the tag of digest',
      { 'image-list': 'app=org/app:gone', 'app.update-strategy': 'digest' },
      'image-list: 5 tags in org/app, none fits: 4 outside the constraint',
    ],
  ])('%s', async (_, rules, line) => {
    const lines = await lintLines({ rules }, { tags: { 'org/app': TAGS } })
    expect(lines).toEqual([expect.stringContaining(`nothing-matches ${line}`)])
  })

  it('an empty repository', async () => {
    const lines = await lintLines({ rules: { 'image-list': 'app=org/app' } }, { tags: { 'org/app': {} } })
    expect(lines).toEqual(['nothing-matches image-list: org/app has no tags'])
  })

  it('an image that does not exist', async () => {
    const findings = await lintOf([applicationOf({ rules: { 'image-list': 'app=org/apq' } })], { tags: {} })
    expect(findings).toMatchObject([
      { code: 'image-not-found', key: 'image-list', severity: 'error', value: 'app=org/apq' },
    ])
  })

  it('is not told offline', async () => {
    expect(await lintLines({ rules: { 'image-list': 'app=org/apq:~3.0' } })).toEqual([])
  })
})

describe('a tag of digits only', () => {
  const tags = { 'org/app': { '1.0.0': {}, '1.1.0': {}, '20240101': {} } }

  it('that wins as a version is told', async () => {
    const lines = await lintLines({ rules: { 'image-list': 'app=org/app' } }, { tags })
    expect(lines).toEqual([
      expect.stringContaining('digits-only-tag image-list: the tag 20240101 has only digits'),
    ])
  })

  it.each([
    ['below an upper bound', { 'image-list': 'app=org/app:<1000' }, tags],
    ['dropped by a filter', { 'image-list': 'app=org/app', 'app.ignore-tags': '2024*' }, tags],
    ['of another strategy', { 'image-list': 'app=org/app', 'app.update-strategy': 'alphabetical' }, tags],
    ['where all are', { 'image-list': 'app=org/app' }, { 'org/app': { '20240101': {}, '20240102': {} } }],
  ])('%s is not', async (_, rules, offered) => {
    expect(await lintLines({ live: ['org/app:20240101'], rules }, { tags: offered })).toEqual([])
  })
})

describe('platforms', () => {
  const rules = { 'image-list': 'app=org/app', 'app.platforms': 'linux/arm64' }

  it.each(['semver', 'newest-build'])('that no tag offers are told (%s)', async (strategy) => {
    const tags = {
      'org/app': { '1.0.0': { platforms: ['linux/amd64'] }, '1.1.0': { platforms: ['linux/amd64'] } },
    }
    const lines = await lintLines({ rules: { ...rules, 'app.update-strategy': strategy } }, { tags })
    expect(lines).toEqual([
      expect.stringContaining(
        'platform-not-offered app.platforms: none of the 2 tags that fit offers linux/arm64',
      ),
    ])
  })

  it('that an older tag offers are not', async () => {
    const tags = {
      'org/app': { '1.0.0': { platforms: ['linux/arm64'] }, '1.1.0': { platforms: ['linux/amd64'] } },
    }
    expect(await lintLines({ rules }, { tags })).toEqual([])
  })
})

it('two images of one repository are told apart', async () => {
  const rules = { 'image-list': 'a=org/app:~3.0,b=org/app:~4.0' }
  const lines = await lintLines({ rules }, { tags: { 'org/app': TAGS } })
  expect(lines).toHaveLength(2)
})
