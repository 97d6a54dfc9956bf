import { describe, expect, it } from 'vitest'
import { GlobError, parseGlob } from '../../src/lib/policy/glob.ts'

describe('a glob matches like Go filepath.Match', () => {
  it.each<[pattern: string, matching: string[], others: string[]]>([
    ['latest', ['latest'], ['latest-x', 'Latest', '']],
    ['', [''], ['a']],
    ['*', ['', 'anything'], ['a/b']],
    ['**', ['abc'], ['a/b']],
    ['v?.?', ['v1.2'], ['v1.10']],
    ['a*b*c', ['abc', 'aXXbYYc', 'abbcc'], ['ab', 'acb']],
    ['*-rc*', ['1.0-rc1', '-rc'], ['1.0']],
    ['[a-c]*', ['beta', 'c'], ['delta', '']],
    ['[^0-9]*', ['main'], ['1.0', '']],
    ['[!0-9]*', ['!x', '1.0'], ['main']],
    ['[abcx-z]', ['b', 'y'], ['d']],
    ['[z-a]', [], ['a', 'm', 'z']],
    ['[\\]]', [']'], ['\\']],
    ['[\\-x]', ['-', 'x'], ['y']],
    ['\\*', ['*'], ['a']],
    ['{a,b}', ['{a,b}'], ['a']],
    ['a?c', ['abc', 'aéc', 'a😀c'], ['a/c', 'ac']],
    ['team/*', ['team/app'], ['team/a/b']],
  ])('%s', (pattern, matching, others) => {
    const glob = parseGlob(pattern)
    expect([...matching, ...others].filter((text) => glob.matches(text))).toEqual(matching)
  })

  it.each([
    ['[', 'a "[" is never closed'],
    ['[a', 'a "[" is never closed'],
    ['[]', '"]" is out of place in a set'],
    ['[]a]', '"]" is out of place in a set'],
    ['[a-]', '"]" is out of place in a set'],
    ['[-a]', '"-" is out of place in a set'],
    ['[^]', '"]" is out of place in a set'],
    ['a\\', 'something must follow the "\\"'],
    ['x[a\\', 'something must follow the "\\"'],
  ])('%j is malformed', (pattern, why) => {
    expect(() => parseGlob(pattern)).toThrow(GlobError)
    expect(() => parseGlob(pattern)).toThrow(why)
  })

  it('is refused when it is absurdly long', () => {
    expect(() => parseGlob('*'.repeat(2000))).toThrow('longer than 1024 characters')
  })
})
