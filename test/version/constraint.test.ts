import { describe, expect, it } from 'vitest'
import { ConstraintError, parseConstraint } from '../../src/lib/version/constraint.ts'
import { parseVersion, type Version } from '../../src/lib/version/version.ts'

function version(text: string): Version {
  const parsed = parseVersion(text)
  if (parsed === undefined) throw new Error(`not a version: ${text}`)
  return parsed
}

describe('a constraint', () => {
  it.each<[constraint: string, inside: string[], outside: string[]]>([
    ['*', ['0.0.0', '99.0.0'], ['1.0.0-rc.1']],
    ['1', ['1.0.0', '1.9.9'], ['0.9.0', '2.0.0']],
    ['1.2', ['1.2.0', '1.2.9'], ['1.3.0']],
    ['1.2.x', ['1.2.9'], ['1.3.0']],
    ['1.X.7', ['1.0.0', '1.9.9'], ['2.0.0']],
    ['1.2.3', ['1.2.3', 'v1.2.3+meta'], ['1.2.4']],
    ['=1.2', ['1.2.5'], ['1.3.0']],
    ['!=1.2.3', ['1.2.4', '2.0.0'], ['1.2.3']],
    ['!=1.2', ['1.3.0', '2.2.0'], ['1.2.0', '1.2.9']],
    ['!=1', ['2.0.0'], ['1.0.0', '1.5.2']],
    ['!=*', ['1.0.0'], ['0.0.0']],
    ['>1.2.3', ['1.2.4'], ['1.2.3']],
    ['>1.2', ['1.3.0', '2.0.0'], ['1.2.9', '1.1.0']],
    ['>11', ['12.0.0'], ['11.1.0', '10.0.0']],
    ['<1.2', ['1.1.9'], ['1.2.0']],
    ['>=1.2', ['1.2.0'], ['1.1.9']],
    ['=>1.2', ['1.2.0'], ['1.1.9']],
    ['<=1.2.3', ['1.2.3'], ['1.2.4']],
    ['<=1.2', ['1.2.9', '0.9.0'], ['1.3.0', '2.0.0']],
    ['<=1', ['1.9.9'], ['2.0.0']],
    ['=<1', ['1.9.9'], ['2.0.0']],
    ['~1.2.3', ['1.2.3', '1.2.9'], ['1.2.2', '1.3.0']],
    ['~1', ['1.9.0'], ['2.0.0', '0.9.0']],
    ['~>1.2', ['1.2.9'], ['1.3.0']],
    ['~0.0.0', ['0.0.5', '1.0.0'], []],
    ['^1.2.3', ['1.2.3', '1.9.0'], ['1.2.2', '2.0.0']],
    ['^1.2', ['1.9.0'], ['1.1.0', '2.0.0']],
    ['^0.2.3', ['0.2.9'], ['0.3.0', '1.2.3']],
    ['^0.0.3', ['0.0.3'], ['0.0.4', '0.1.3']],
    ['^0.0', ['0.0.9'], ['0.1.0']],
    ['^0', ['0.9.0'], ['1.0.0']],
    ['>=1.2 <1.4', ['1.3.9'], ['1.1.0', '1.4.0']],
    ['>= 1.2 , < 1.4', ['1.3.9'], ['1.4.0']],
    ['~1.2 || ~2.0', ['1.2.5', '2.0.1'], ['1.3.0', '2.1.0']],
    ['>=1, <2 || >=3', ['1.5.0', '3.1.0'], ['2.5.0']],
    ['1.2 - 1.4', ['1.2.0', '1.4.5'], ['1.1.9', '1.5.0']],
    [' v1.2.3 ', ['1.2.3'], ['1.2.2']],
  ])('%s', (text, inside, outside) => {
    const constraint = parseConstraint(text)
    const matching = [...inside, ...outside].filter((item) => constraint.check(version(item)).match)
    expect(matching).toEqual(inside)
  })

  it.each<[constraint: string, inside: string[], outside: string[]]>([
    ['*-0', ['1.0.0', '1.1.0-rc.1'], []],
    ['1.x-0', ['1.1.0-rc.1'], ['2.0.0-alpha']],
    ['>=1.0.0-0', ['1.0.0-rc.1', '2.0.0-beta'], ['0.9.0-rc.1']],
    ['>=1.0.0-0 <2', ['1.5.0-rc.1', '2.0.0-rc.1'], ['2.0.0']],
    ['^1.2.3-beta', ['1.3.0-alpha'], ['1.2.3-alpha', '2.0.0-alpha']],
    ['!=1.2.3', ['1.4.0'], ['1.4.0-rc.1']],
    ['>=1 || >=1.0.0-0 <1.5', ['1.2.0-rc.1'], ['2.0.0-rc.1']],
  ])('%s admits pre-releases where its group names one', (text, inside, outside) => {
    const constraint = parseConstraint(text)
    const matching = [...inside, ...outside].filter((item) => constraint.check(version(item)).match)
    expect(matching).toEqual(inside)
  })

  it.each([
    ['>=3 <5', '4.1.0-rc.2', 'pre-release', 'a pre-release, which ">=3 <5" does not ask for'],
    ['>=3 <5', '5.0.0-rc.1', 'range', 'outside ">=3 <5"'],
    ['>=3 <5', '2.9.9', 'range', 'outside ">=3 <5"'],
  ])('%s says why %s is not in it', (text, item, reason, detail) => {
    expect(parseConstraint(text).check(version(item))).toEqual({ match: false, reason, detail })
  })

  it.each([
    ['', 'a version is missing'],
    ['latest', 'a version is missing at "latest"'],
    ['>=abc', 'a version is missing at "abc"'],
    ['1.2 ||', 'a version is missing'],
    ['>=1.2<2', '"<2" cannot be read'],
    ['>=1.2,', 'cannot be read'],
    ['>=1.2,,<2', 'a version is missing at ",<2"'],
    ['>=1 - 2', 'a version is missing at "- 2"'],
    ['1 - 2 - 3', 'a version is missing at "- 3"'],
    ['1.2.3.4', '".4" cannot be read'],
    ['>=1.0.0-01', '">=1.0.0-01" is not a version constraint: "1.0.0-01" is not a version'],
  ])('%j is refused', (text, why) => {
    expect(() => parseConstraint(text)).toThrow(ConstraintError)
    expect(() => parseConstraint(text)).toThrow(why)
  })
  it('is refused when it is absurdly long', () => {
    expect(() => parseConstraint('1'.repeat(300))).toThrow('it has 300 characters, more than 256')
  })
})
