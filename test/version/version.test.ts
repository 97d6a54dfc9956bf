import { describe, expect, it } from 'vitest'
import { bump } from '../../src/lib/version/bump.ts'
import { compareVersions, formatVersion, parseVersion, type Version } from '../../src/lib/version/version.ts'

function version(text: string): Version {
  const parsed = parseVersion(text)
  if (parsed === undefined) throw new Error(`not a version: ${text}`)
  return parsed
}

describe('parseVersion', () => {
  it.each([
    ['1', '1.0.0'],
    ['1.2', '1.2.0'],
    ['v1.2.3', '1.2.3'],
    ['1.2.3-rc.1+build.5', '1.2.3-rc.1+build.5'],
    ['v1.2-alpine', '1.2.0-alpine'],
    ['01.02.03', '1.2.3'],
    ['1.2.3+01', '1.2.3+01'],
    ['1.0.0-0', '1.0.0-0'],
    ['1.0.0--', '1.0.0--'],
    ['20240101', '20240101.0.0'],
    ['18446744073709551615', '18446744073709551615.0.0'],
  ])('reads %s as %s', (text, canonical) => {
    expect(formatVersion(version(text))).toBe(canonical)
  })

  it.each([
    '',
    'v',
    'V1.0.0',
    'latest',
    '1.x',
    '1.2.3.4',
    '1.2.3_4',
    '1.2.3-01',
    '1.2.3-rc..1',
    '1.2.3-',
    '1.2.3 ',
    ' 1.2.3',
    '1.2.3\n',
    '18446744073709551616',
    `1.${'0'.repeat(300)}`,
  ])('%j is no version', (text) => {
    expect(parseVersion(text)).toBeUndefined()
  })
})

describe('compareVersions', () => {
  it('orders pre-releases as semver.org does', () => {
    const ascending = [
      '1.0.0-1',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
    ]
    ascending.push('1.0.0-beta.11', '1.0.0-rc10', '1.0.0-rc9', '1.0.0', '1.0.1', '1.1.0', '2.0.0', '10.0.0')
    const shuffled = ascending.map(version).reverse().sort(compareVersions)
    expect(shuffled.map(({ text }) => text)).toEqual(ascending)
  })

  it.each([
    ['1.0', 'v1.0.0'],
    ['1.0.0+a', '1.0.0+b'],
  ])('%s equals %s', (a, b) => {
    expect(compareVersions(version(a), version(b))).toBe(0)
  })

  it('takes numbers beyond 64 bits for words', () => {
    expect(compareVersions(version('1.0.0-99999999999999999999'), version('1.0.0-2'))).toBe(1)
  })
})

describe('bump', () => {
  it.each([
    ['1.2.3', '2.0.0', 'major'],
    ['1.2.3', '1.3.0', 'minor'],
    ['0.1.0', '0.2.0', 'minor'],
    ['1.2.3', '1.2.4', 'patch'],
    ['1.2.3', '1.3.0-rc.1', 'minor'],
    ['1.3.0-rc.1', '1.3.0-rc.2', 'pre-release'],
    ['1.3.0-rc.2', '1.3.0', 'pre-release'],
    ['1.2', 'v1.2.0', 'none'],
    ['1.2.0+a', '1.2.0+b', 'none'],
    ['1.5.0', '1.1.0', 'downgrade'],
    ['1.5.0', '1.5.0-rc.1', 'downgrade'],
  ])('%s to %s is %s', (from, to, step) => {
    expect(bump(version(from), version(to))).toBe(step)
  })
})
