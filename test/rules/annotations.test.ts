import { describe, expect, it } from 'vitest'
import { formatImageReference } from '../../src/lib/image/reference.ts'
import { conclude, shortlist } from '../../src/lib/policy/select.ts'
import { ANNOTATION_PREFIX } from '../../src/lib/rules/annotation-keys.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { rulePolicy } from '../../src/lib/rules/rule-policy.ts'
import type { RuleSet } from '../../src/lib/rules/update-rule.ts'

/** The rules of Application argocd/shop with these annotations, prefix left out. */
function read(annotations: Record<string, string>, name = 'shop'): RuleSet {
  const prefixed = Object.entries(annotations).map(([key, text]) => [`${ANNOTATION_PREFIX}${key}`, text])
  return readAnnotationRules({
    metadata: { name, namespace: 'argocd', annotations: Object.fromEntries(prefixed) },
  })
}

const errors = ({ problems }: RuleSet) => problems.filter(({ severity }) => severity === 'error')
const warnings = ({ problems }: RuleSet) => problems.filter(({ severity }) => severity === 'warning')

describe('a moving tag on ECR, as people write it', () => {
  const set = read(
    {
      'image-list': 'app=123456789.dkr.ecr.us-west-2.amazonaws.com/gitops-praq',
      'app.image-tag-filter': '^production$',
      'app.update-strategy': 'latest',
      'app.image-poll-interval': '5m',
      'write-back-method': 'application',
    },
    'gitops-praq-prod',
  )

  it('is one rule without an error', () => {
    expect(errors(set)).toEqual([])
    expect(set.rules).toMatchObject([
      {
        origin: { kind: 'annotation', object: 'argocd/gitops-praq-prod' },
        alias: 'app',
        strategy: 'newest-build',
        pollInterval: 300_000,
        platforms: [],
        forceUpdate: false,
        pinDigest: false,
        targets: {},
        writeBack: { method: 'application', written: 'application' },
      },
    ])
    expect(set.rules[0]?.filter.description).toBe('image-tag-filter ^production$')
    expect(set.rules[0]?.filter.judge('production')).toBeUndefined()
    expect(set.rules[0]?.filter.judge('production-2')?.stage).toBe('image-tag-filter')
  })

  it('warns of the former strategy name and of the short account id', () => {
    expect(warnings(set).map(({ key, problem }) => `${key}: ${problem}`)).toEqual([
      'image-list: "123456789.dkr.ecr.us-west-2.amazonaws.com/gitops-praq" looks like ECR, but its account id has 9 digits instead of 12',
      'app.update-strategy: "latest" is the former name of the strategy newest-build',
    ])
  })
})

describe('a tag after the colon', () => {
  const list = { 'image-list': 'app=repo1:tag1,sidecar=repo2:tag2' }

  it('is followed where no strategy is named, with a warning', () => {
    const set = read(list)
    expect(errors(set)).toEqual([])
    expect(set.rules.map(({ alias, image, strategy }) => [alias, strategy, image.tag])).toEqual([
      ['app', 'digest', 'tag1'],
      ['sidecar', 'digest', 'tag2'],
    ])
    expect(warnings(set)[0]).toMatchObject({
      problem: 'no strategy is named and "tag1" is no version range: the tag is followed, as by digest',
      remedy: 'Write app.update-strategy: digest, or a range such as 1.x after the colon',
    })
  })

  it('is refused by semver, which says what would be right', () => {
    const set = read({ ...list, 'update-strategy': 'semver' })
    expect(set.rules).toEqual([])
    expect(errors(set).map(({ alias, value }) => [alias, value])).toEqual([
      ['app', 'app=repo1:tag1'],
      ['sidecar', 'sidecar=repo2:tag2'],
    ])
    expect(errors(set)[0]).toMatchObject({
      problem: 'strategy semver needs a version constraint after the colon, and "tag1" is none',
      remedy:
        'Write a range such as 1.x or ~1.2, or set app.update-strategy to digest to follow the tag "tag1", or to newest-build to take the newest tag of all',
    })
  })

  it.each(['newest-build', 'alphabetical'])('is ignored by %s, with a warning', (strategy) => {
    const set = read({ ...list, 'update-strategy': strategy })
    expect(set.rules).toHaveLength(2)
    expect(warnings(set)[0]?.problem).toBe(`strategy ${strategy} takes no constraint: ":tag1" is ignored`)
  })

  it('is what digest follows', () => {
    const set = read({ ...list, 'update-strategy': 'digest' })
    expect(set.problems).toEqual([])
    expect(set.rules.map(({ image }) => image.tag)).toEqual(['tag1', 'tag2'])
  })

  it('is missed by digest', () => {
    const set = read({ 'image-list': 'app=repo', 'app.update-strategy': 'digest' })
    expect(errors(set)[0]?.problem).toBe('strategy digest needs to know which tag to follow')
  })

  it('may be a range, whose own mistakes are told', () => {
    expect(read({ 'image-list': 'app=repo:>=1.0 <2.0' }).problems).toEqual([])
    expect(errors(read({ 'image-list': 'app=repo:>=1.0 <' }))[0]?.problem).toContain('a version is missing')
  })
})

describe('settings', () => {
  it('of the image come before those of the Application', () => {
    const set = read({
      'image-list': 'app=repo, web=other',
      'update-strategy': 'alphabetical',
      'ignore-tags': 'latest',
      'app.update-strategy': 'newest-build',
      'app.ignore-tags': '  ',
    })
    expect(set.problems).toEqual([])
    expect(set.rules.map(({ alias, strategy, filter }) => [alias, strategy, filter.description])).toEqual([
      ['app', 'newest-build', 'ignore-tags latest'],
      ['web', 'alphabetical', 'ignore-tags latest'],
    ])
  })

  it('of the Application are all that an image without alias has', () => {
    const set = read({ 'image-list': 'nginx:1.x', 'allow-tags': 'regexp:^1', 'pin-digest': 'true' })
    expect(set.rules).toMatchObject([{ alias: '', pinDigest: true }])
    expect(set.rules[0]?.filter.description).toBe('allow-tags regexp:^1')
  })

  it('are found for aliases with dots', () => {
    const set = read({
      'image-list': 'app=one,app.web=two',
      'app.web.update-strategy': 'alphabetical',
      'app.platforms': 'linux/amd64',
    })
    expect(set.problems).toEqual([])
    expect(set.rules).toMatchObject([
      { alias: 'app', strategy: 'semver', platforms: [{ os: 'linux', architecture: 'amd64' }] },
      { alias: 'app.web', strategy: 'alphabetical', platforms: [] },
    ])
  })

  it('name the fields that receive the image', () => {
    const set = read({
      'image-list': 'app=one,web=two',
      'app.helm.image-name': 'image.repository',
      'app.helm.image-tag': ' image.tag ',
      'web.kustomize.image-name': 'nginx',
    })
    expect(set.rules.map(({ targets }) => targets)).toEqual([
      { helm: { name: 'image.repository', tag: 'image.tag' } },
      { kustomize: { name: 'nginx' } },
    ])
  })

  it('say how to write back', () => {
    const set = read({
      'image-list': 'app=one,web=two',
      'write-back-method': ' git:secret:argocd/creds ',
      'write-back-target': 'kustomization:overlays/prod',
      'git-branch': 'main:updates',
      'git-repository': 'https://git.example.com/gitops.git',
      'web.write-back-method': 'restart',
    })
    const place = {
      target: 'kustomization:overlays/prod',
      gitBranch: 'main:updates',
      gitRepository: 'https://git.example.com/gitops.git',
    }
    expect(set.rules.map(({ writeBack }) => writeBack)).toEqual([
      { method: 'git', written: 'git:secret:argocd/creds', ...place },
      { method: 'restart', written: 'restart', ...place },
    ])
  })

  it.each([
    ['source-name', 'values', { name: 'values' }],
    ['source-index', '0', { index: 0 }],
  ])('may name one of several sources: %s', (key, value, source) => {
    const set = read({ 'image-list': 'app=one', [key]: value })
    expect(set.rules[0]?.writeBack.source).toEqual(source)
    expect(set.problems).toEqual([])
  })

  it('a source that is no number stops every image of the Application', () => {
    const set = read({ 'image-list': 'app=one', 'source-index': 'first' })
    expect(set.rules).toEqual([])
    expect(set.problems).toMatchObject([{ key: 'source-index', value: 'first' }])
  })

  it('may name the compared part of a tag', () => {
    const set = read({ 'image-list': 'app=one', 'app.tag-pattern': '^r-(?P<version>.+)$' })
    expect(set.rules[0]?.tagPattern).toBe('^r-(?P<version>.+)$')
  })

  it('may use the 0.x spelling tag-match, with a warning', () => {
    const alone = read({ 'image-list': 'app=one', 'app.tag-match': 'regexp:^v' })
    expect(alone.rules[0]?.filter.description).toBe('allow-tags regexp:^v')
    expect(warnings(alone)[0]?.problem).toContain('it is read as allow-tags')
    const both = read({ 'image-list': 'app=one', 'app.tag-match': 'regexp:^v', 'app.allow-tags': 'any' })
    expect(both.rules[0]?.filter.judge('main')).toBeUndefined()
    expect(warnings(both)[0]?.problem).toContain('it is ignored, because allow-tags is set')
  })
})

describe('a bad value stops its own image and no other', () => {
  it.each([
    ['app.update-strategy', 'semverr', '"semverr" is not an update strategy', 'Write semver'],
    ['app.update-strategy', 'random', '"random" is not an update strategy', 'Write one of semver'],
    ['app.allow-tags', '^v1', 'has no keyword, so it would allow no tag at all', 'Write "regexp:^v1"'],
    ['app.image-tag-filter', '(', 'is not an RE2 pattern', 'RE2 syntax'],
    ['app.ignore-tags', 'ok,[a-', '"[a-" is not a glob', '[^a-z]'],
    ['app.force-update', 'yes', '"yes" is neither true nor false', 'Write "true" or "false"'],
    ['app.force-update', '', '"" is neither true nor false', 'Write "true" or "false"'],
    ['app.pin-digest', 'on', '"on" is neither true nor false', 'Write "true" or "false"'],
    ['app.platforms', 'linux', '"linux" is not a platform', 'linux/amd64'],
    ['app.platforms', 'linux/', '"linux/" is not a platform', 'linux/amd64'],
    ['app.tag-pattern', '^v(.*)$', 'has no group named "version"', '(?P<version>.+)'],
    ['app.image-poll-interval', '5', '"5" is not a duration', '5m'],
    ['app.image-poll-interval', '9s', 'out of range', 'at least 10s'],
    ['app.image-poll-interval', '1000h', 'out of range', 'at most 576h'],
    ['app.pull-secret', 'mysecret', 'is not a credential source', 'pullsecret:<namespace>/<name>'],
    ['app.pull-secret', 'pullsecret:other/creds', 'the Application is in "argocd"', 'namespace "argocd"'],
    ['app.write-back-method', 'git:foo', '"git:foo" is not a write-back method', 'git:repocreds'],
  ])('%s: %j', (key, value, problem, remedy) => {
    const set = read({ 'image-list': 'app=one,web=two', [key]: value })
    expect(set.rules.map(({ alias }) => alias)).toEqual(['web'])
    expect(errors(set)).toMatchObject([
      {
        alias: 'app',
        key,
        value,
        problem: expect.stringContaining(problem),
        remedy: expect.stringContaining(remedy),
        origin: { object: 'argocd/shop' },
      },
    ])
  })

  it('Helm and Kustomize targets for one image', () => {
    const set = read({
      'image-list': 'app=one,web=two',
      'app.helm.image-tag': 'tag',
      'app.kustomize.image-name': 'n',
    })
    expect(set.rules.map(({ alias }) => alias)).toEqual(['web'])
    expect(errors(set)[0]).toMatchObject({ alias: 'app', key: 'app.helm.image-tag' })
  })

  it('all problems of an image are told at once', () => {
    const set = read({ 'image-list': 'app=one', 'app.allow-tags': '^v', 'app.platforms': 'linux' })
    expect(errors(set).map(({ key }) => key)).toEqual(['app.allow-tags', 'app.platforms'])
  })
})

describe('image-list', () => {
  it.each([
    ['web=', 'web', 'names no image'],
    ['web=a//b', 'web', 'is not a repository name'],
    ['app=three', 'app', 'the alias "app" is used for two images'],
    ['my web=two', '', 'is not an alias'],
  ])('the entry %j does not disturb its neighbour', (entry, alias, problem) => {
    const set = read({ 'image-list': `app=one,,${entry}` })
    expect(set.rules.map((rule) => formatImageReference(rule.image))).toEqual(['one'])
    expect(errors(set)).toMatchObject([
      { alias, key: 'image-list', value: entry, problem: expect.stringContaining(problem) },
    ])
  })

  it('with a comma inside a constraint does not run with half of it', () => {
    const set = read({ 'image-list': 'app=repo:>=1.0, <2.0, web=two' })
    expect(set.rules.map(({ alias }) => alias)).toEqual(['web'])
    expect(errors(set).map(({ alias, value }) => [alias, value])).toEqual([
      ['app', 'app=repo:>=1.0'],
      ['', '<2.0'],
    ])
    expect(errors(set)[0]?.remedy).toBe('Separate the parts of a constraint by a blank: app=repo:>=1.0 <2.0')
  })

  it.each(['', ' , '])('%j is empty', (text) => {
    expect(errors(read({ 'image-list': text }))).toMatchObject([
      { key: 'image-list', problem: 'the image-list is empty' },
    ])
  })

  it('of absurd length is refused as a whole', () => {
    const set = read({ 'image-list': Array.from({ length: 600 }, (_, index) => `a${index}=x`).join(',') })
    expect(set.rules).toEqual([])
    expect(errors(set)[0]?.problem).toBe('the image-list has 600 entries, more than 500')
  })

  it('is what makes an Application managed', () => {
    expect(readAnnotationRules({ metadata: { name: 'plain' } })).toEqual({ rules: [], problems: [] })
    expect(warnings(read({ 'app.update-strategy': 'digest' }))).toMatchObject([
      { key: 'app.update-strategy', problem: expect.stringContaining('there is no image-list') },
    ])
  })

  it('warns of a digest, which no rule follows', () => {
    const set = read({ 'image-list': `app=repo@sha256:${'0'.repeat(64)}` })
    expect(set.rules).toHaveLength(1)
    expect(warnings(set)[0]?.problem).toContain('is ignored')
  })
})

describe('keys that no rule is made of', () => {
  it.each([
    ['app.update-strategie', 'digest', 'Did you mean app.update-strategy?'],
    ['updatestrategy', 'digest', 'Did you mean update-strategy?'],
    ['ap.update-strategy', 'digest', 'Did you mean app.update-strategy?'],
    ['platforms', 'linux/amd64', 'Did you mean app.platforms?'],
    ['backend.platforms', 'linux/amd64', 'Add backend=<image> to image-list, or remove the annotation'],
    ['completely-different', 'x', 'Known are image-list'],
  ])('%s is unknown', (key, value, remedy) => {
    const set = read({ 'image-list': 'app=one', [key]: value })
    expect(set.rules).toHaveLength(1)
    expect(warnings(set)).toMatchObject([{ key, value, remedy: expect.stringContaining(remedy) }])
  })

  it.each(['min-age', 'max-bump', 'update-window', 'hold', 'hold-until', 'skip-tags', 'after'])(
    '%s that cannot be read protects the image all the same, which therefore is not updated',
    (key) => {
      const set = read({ 'image-list': 'app=one,web=two', [`app.${key}`]: 'For ever' })
      expect(set.rules.map(({ alias }) => alias)).toEqual(['web'])
      expect(errors(set)).toMatchObject([{ alias: 'app', key: `app.${key}` }])
      expect(read({ 'image-list': 'app=one,web=two', [key]: 'For ever' }).rules).toEqual([])
    },
  )

  it('hold: false holds nothing', () => {
    expect(read({ 'image-list': 'app=one', 'app.hold': 'false' })).toMatchObject({
      rules: [{}],
      problems: [],
    })
  })

  it('pull-request names a service, or stops every image', () => {
    const writeBack = { 'image-list': 'app=one', 'write-back-method': 'git' }
    expect(read({ ...writeBack, 'pull-request': 'GitHub' }).rules[0]?.writeBack.pullRequest).toEqual({
      labels: [],
      service: 'github',
    })
    const set = read({ ...writeBack, 'pull-request': 'githup' })
    expect(set.rules).toEqual([])
    expect(errors(set)).toMatchObject([{ key: 'pull-request', remedy: 'Write github' }])
  })

  it('a pull secret of the Application’s own namespace is kept without a word', () => {
    const set = read({ 'image-list': 'app=one', 'app.pull-secret': 'pullsecret:argocd/creds' })
    expect(set.rules[0]?.pullSecret).toBe('pullsecret:argocd/creds')
    expect(set.problems).toEqual([])
  })

  it('annotations of others are none of our business', () => {
    const annotations = {
      [`${ANNOTATION_PREFIX}image-list`]: 'app=one',
      'argocd.argoproj.io/refresh': 'hard',
    }
    expect(readAnnotationRules({ metadata: { name: 'shop', annotations } }).problems).toEqual([])
  })
})

describe('absurd annotations stop the Application', () => {
  it.each([
    [
      'value without end',
      { 'image-list': 'app=one', 'app.ignore-tags': 'x,'.repeat(5000) },
      'more than 4096 characters',
    ],
    ['key without end', { 'image-list': 'app=one', ['x'.repeat(400)]: 'y' }, '320 in the key'],
    [
      'annotations without end',
      Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`k${index}`, 'x'])),
      'there are 600 annotations',
    ],
  ])('%s', (_, annotations, problem) => {
    const set = read(annotations)
    expect(set.rules).toEqual([])
    expect(set.problems).toMatchObject([{ severity: 'error', problem: expect.stringContaining(problem) }])
    expect(set.problems[0]?.value.length).toBeLessThan(100)
  })

  it('a value that is not text, as an unquoted true in a manifest on disk', () => {
    const metadata = JSON.parse(
      `{"name":"shop","annotations":{"${ANNOTATION_PREFIX}image-list":"app=one","${ANNOTATION_PREFIX}app.pin-digest":true}}`,
    )
    expect(readAnnotationRules({ metadata })).toMatchObject({
      rules: [],
      problems: [{ key: 'app.pin-digest', problem: 'the value is not text', remedy: 'Quote it: "true"' }],
    })
  })

  it('no annotations at all, as an empty map in a manifest on disk', () => {
    expect(
      readAnnotationRules({ metadata: JSON.parse('{"name":"shop","annotations":null}') }).problems,
    ).toEqual([])
  })
})

it.each([
  ['semver', 'app=repo:1.x', '1.9'],
  ['digest', 'app=repo:2.0', '2.0'],
  ['alphabetical', 'app=repo', 'v3'],
])('a rule becomes the policy %s', (strategy, list, expected) => {
  const [rule] = read({ 'image-list': list, 'update-strategy': strategy }).rules
  if (rule === undefined) throw new Error('no rule')
  const policy = rulePolicy(rule)
  const shortlisted = shortlist(
    policy,
    ['1.0', '1.9', '2.0', 'v3'].map((tag) => ({ tag })),
  )
  expect(conclude(shortlisted, policy.strategy.rank(shortlisted.candidates, new Date())).winner?.tag).toBe(
    expected,
  )
})
