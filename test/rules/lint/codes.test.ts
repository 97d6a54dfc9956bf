import { describe, expect, it } from 'vitest'
import type { Severity } from '../../../src/lib/rules/lint/finding.ts'
import type { LintCode } from '../../../src/lib/rules/lint/lint-code.ts'
import { findingsOf } from './findings.ts'

type Rules = Readonly<Record<string, string>>

/** Beside `image-list: app=org/app`, unless the rules have one. */
const CASES: readonly (readonly [code: LintCode, severity: Severity, key: string, rules: Rules])[] = [
  ['unreadable-annotations', 'error', 'app.ignore-tags', { 'app.ignore-tags': 'x'.repeat(5000) }],
  ['bad-image', 'error', 'image-list', { 'image-list': 'app=a//b' }],
  ['bad-image', 'error', 'image-list', { 'image-list': ' , ' }],
  ['comma-in-constraint', 'error', 'image-list', { 'image-list': 'app=org/app:>=1.0, <2.0' }],
  ['duplicate-alias', 'error', 'image-list', { 'image-list': 'app=one,app=two' }],
  ['ecr-account', 'warning', 'image-list', { 'image-list': 'app=12345.dkr.ecr.eu-west-1.amazonaws.com/app' }],
  ['no-strategy', 'warning', 'image-list', { 'image-list': 'app=org/app:production' }],
  [
    'bad-constraint',
    'error',
    'image-list',
    { 'image-list': 'app=org/app:production', 'app.update-strategy': 'semver' },
  ],
  ['bad-constraint', 'error', 'image-list', { 'image-list': 'app=org/app:>=' }],
  ['no-tag-to-follow', 'error', 'image-list', { 'app.update-strategy': 'digest' }],
  [
    'ignored-constraint',
    'warning',
    'image-list',
    { 'image-list': 'app=org/app:1.x', 'app.update-strategy': 'alphabetical' },
  ],
  ['ignored-digest', 'warning', 'image-list', { 'image-list': `app=org/app@sha256:${'0'.repeat(64)}` }],
  ['alias-not-a-key', 'warning', 'image-list', { 'image-list': 'org/app=org/app' }],
  ['alias-not-a-key', 'warning', 'image-list', { 'image-list': `${'a'.repeat(60)}=org/app` }],
  ['deprecated-strategy', 'warning', 'app.update-strategy', { 'app.update-strategy': 'latest' }],
  ['unknown-strategy', 'error', 'update-strategy', { 'update-strategy': 'newest' }],
  ['deprecated-key', 'warning', 'app.tag-match', { 'app.tag-match': 'regexp:^v' }],
  ['allow-tags-keyword', 'error', 'app.allow-tags', { 'app.allow-tags': '^v1' }],
  ['allow-tags-keyword', 'error', 'allow-tags', { 'allow-tags': 'glob:v1*' }],
  ['bad-pattern', 'error', 'app.allow-tags', { 'app.allow-tags': 'regexp:(' }],
  ['bad-pattern', 'error', 'app.image-tag-filter', { 'app.image-tag-filter': '(?!x)' }],
  ['bad-pattern', 'error', 'app.tag-pattern', { 'app.tag-pattern': '^v(.*)$' }],
  ['bad-glob', 'error', 'app.ignore-tags', { 'app.ignore-tags': '[a-' }],
  ['bad-platform', 'error', 'app.platforms', { 'app.platforms': 'linux' }],
  ['bad-value', 'error', 'app.force-update', { 'app.force-update': 'yes' }],
  ['bad-value', 'error', 'app.image-poll-interval', { 'app.image-poll-interval': '9s' }],
  ['bad-credential-source', 'error', 'app.pull-secret', { 'app.pull-secret': 'mysecret' }],
  ['credential-from-machine', 'error', 'app.pull-secret', { 'app.pull-secret': 'env:TOKEN' }],
  ['credential-from-machine', 'error', 'pull-secret', { 'pull-secret': 'x=Ext:/bin/login' }],
  ['cross-namespace-secret', 'error', 'app.pull-secret', { 'app.pull-secret': 'PullSecret:other/creds' }],
  [
    'two-targets',
    'error',
    'app.helm.image-tag',
    { 'app.helm.image-tag': 't', 'app.kustomize.image-name': 'n' },
  ],
  ['unknown-write-back', 'error', 'write-back-method', { 'write-back-method': 'git:foo' }],
  ['bad-value', 'error', 'pull-request', { 'pull-request': 'sourceforge' }],
  ['bad-value', 'error', 'app.update-window', { 'app.update-window': 'now' }],
  ['bad-value', 'error', 'app.hold', { 'app.hold': 'maybe' }],
  ['bad-value', 'error', 'max-bump', { 'max-bump': 'huge' }],
  ['misspelt-key', 'warning', 'app.update-stategy', { 'app.update-stategy': 'semver' }],
  ['misspelt-key', 'warning', 'image-lsit', { 'image-list': '', 'image-lsit': 'app=org/app' }],
  ['unknown-key', 'warning', 'completely-different', { 'completely-different': 'x' }],
  ['unknown-alias', 'warning', 'backend.platforms', { 'backend.platforms': 'linux/amd64' }],
  ['no-image-list', 'warning', 'app.platforms', { 'image-list': '', 'app.platforms': 'linux/amd64' }],
  ['stray-blanks', 'info', 'app.ignore-tags', { 'app.ignore-tags': ' dev ' }],
]

describe('what is wrong with annotations is told by its code', () => {
  it.each(CASES)('%s (%s) at %s', (code, severity, key, rules) => {
    const { 'image-list': list = 'app=org/app', ...others } = rules
    const found = findingsOf(list === '' ? others : { 'image-list': list, ...others })
    expect(found).toContainEqual(expect.objectContaining({ code, key, severity }))
    expect(found.every(({ problem, remedy }) => problem !== '' && remedy !== '')).toBe(true)
  })

  it('is nothing for rules that work', () => {
    const rules = { 'image-list': 'app=org/app:1.x, org/proxy', 'app.update-strategy': 'semver' }
    expect(findingsOf(rules)).toEqual([])
  })
})

describe('a misspelt key that was to protect', () => {
  it.each(['min-aeg', 'max-bmup', 'updat-window', 'hodl', 'hold-untill', 'skip-tag'])(
    '%s stops its image, and no other',
    (setting) => {
      const found = findingsOf({ 'image-list': 'app=one,web=two', [`app.${setting}`]: 'true' })
      expect(found).toMatchObject([
        { alias: 'app', code: 'misspelt-protection', key: `app.${setting}`, severity: 'error' },
      ])
    },
  )

  it('as well for a misspelt alias', () => {
    const found = findingsOf({ 'image-list': 'app=one,web=two', 'wbe.hold': 'true' })
    expect(found).toMatchObject([
      { alias: 'web', code: 'misspelt-protection', remedy: 'Did you mean web.hold?' },
    ])
  })

  it('only where it is close: a short word resembles many', () => {
    expect(findingsOf({ 'image-list': 'app=one', 'app.bond': 'x' })).toMatchObject([{ severity: 'warning' }])
  })
})
