import { describe, expect, it } from 'vitest'
import { DurationError, parseDuration } from '../../src/lib/duration.ts'
import { nearestWord } from '../../src/lib/nearest.ts'
import { CredentialSourceError, parseCredentialSource } from '../../src/lib/rules/credential-source.ts'
import { parseBoolean, splitList, ValueError } from '../../src/lib/rules/values.ts'
import { parseWriteBackMethod, WriteBackError } from '../../src/lib/rules/write-back.ts'

describe('Go durations', () => {
  it.each([
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['10s500ms', 10_500],
    ['+2s', 2000],
    ['-2s', -2000],
    ['0', 0],
  ])('%s is %d ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds)
  })

  it.each(['', '5', '5 m', '5d', 'm', '1h30', '--5m', '5M', 'five', `${'1h'.repeat(60)}`])(
    '%j is none',
    (text) => {
      expect(() => parseDuration(text)).toThrow(DurationError)
    },
  )
})

describe('Go booleans', () => {
  it('are these words and no others', () => {
    expect(['1', 't', 'T', 'TRUE', 'true', 'True'].map(parseBoolean)).not.toContain(false)
    expect(['0', 'f', 'F', 'FALSE', 'false', 'False'].map(parseBoolean)).not.toContain(true)
    for (const text of ['', 'yes', 'tRUE', ' true']) expect(() => parseBoolean(text)).toThrow(ValueError)
  })
})

it('lists keep their empty entries', () => {
  expect(splitList(' dev , ,test')).toEqual(['dev', '', 'test'])
})

describe('credential sources', () => {
  it.each([
    ['pullsecret:ns/creds', { type: 'pullsecret', registry: '', namespace: 'ns', name: 'creds' }],
    ['SECRET:ns/creds#f', { type: 'secret', registry: '', namespace: 'ns', name: 'creds', field: 'f' }],
    ['reg:5000=env:TOKEN', { type: 'env', registry: 'reg:5000', variable: 'TOKEN' }],
    ['ext:/opt/login.sh', { type: 'ext', registry: '', path: '/opt/login.sh' }],
  ])('%s', (text, source) => {
    expect(parseCredentialSource(text)).toEqual(source)
  })

  it.each([
    ['', 'bad-shape'],
    ['creds', 'bad-shape'],
    ['env:', 'bad-shape'],
    ['ext:/opt/a:b', 'bad-shape'],
    ['vault:x', 'unknown-type'],
    ['=secret:ns/creds#f', 'unknown-type'],
    ['secret:ns/creds', 'bad-secret-definition'],
    ['secret:ns/creds#f#g', 'bad-secret-definition'],
    ['secret:/creds#f', 'bad-secret-definition'],
    ['pullsecret:ns', 'bad-secret-definition'],
    ['pullsecret:a/b/c', 'bad-secret-definition'],
  ])('%j is refused as %s', (text, reason) => {
    const parse = () => parseCredentialSource(text)
    expect(parse).toThrow(CredentialSourceError)
    expect(parse).toThrow(expect.objectContaining({ reason }))
  })
})

describe('write-back methods', () => {
  it.each([
    ['', 'application', 'argocd'],
    ['argocd', 'application', 'argocd'],
    ['application', 'application', 'application'],
    ['restart', 'restart', 'restart'],
    ['git', 'git', 'git'],
    ['git:repocreds', 'git', 'git:repocreds'],
    ['git:secret:creds', 'git', 'git:secret:creds'],
    ['git:secret:argocd/creds', 'git', 'git:secret:argocd/creds'],
  ])('%j writes by %s', (text, method, written) => {
    expect(parseWriteBackMethod(text)).toEqual({ method, written })
  })

  it.each(['Git', 'git:', 'git:foo', 'git:secret:', 'git:secret:a/b/c', 'git:secret:../x', 'toString'])(
    '%j is none',
    (text) => {
      expect(() => parseWriteBackMethod(text)).toThrow(WriteBackError)
    },
  )
})

describe('nearestWord', () => {
  it.each([
    ['platfroms', 'platforms'],
    ['hodl', 'hold'],
    ['xyz', undefined],
    ['', undefined],
  ])('%j: %s', (text, word) => {
    expect(nearestWord(text, ['platforms', 'hold', 'ignore-tags'])).toBe(word)
  })
})
