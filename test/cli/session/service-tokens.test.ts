import { describe, expect, it } from 'vitest'
import { serviceTokens } from '../../../src/cli/session/service-tokens.ts'

const ENV = { EMPTY: '', FORGE: 'f0rge', GITHUB_TOKEN: 'ghp_1' }

describe('tokens for services', () => {
  it('belong to the hosts that they are given for', () => {
    expect([...serviceTokens(['GitHub.com=GITHUB_TOKEN', 'git.example.com:8443=FORGE'], ENV)]).toEqual([
      ['github.com', 'ghp_1'],
      ['git.example.com:8443', 'f0rge'],
    ])
  })

  it.each([
    ['a variable alone', 'GITHUB_TOKEN', 'does not say which host gets which variable'],
    ['a URL', 'https://github.com=GITHUB_TOKEN', 'does not say which host'],
    ['a token itself', 'github.com=ghp-1/x', 'does not say which host'],
    ['a variable that is not set', 'github.com=MISSING', 'the environment variable MISSING is not set'],
    ['an empty one', 'github.com=EMPTY', 'the environment variable EMPTY is not set'],
  ])('%s is refused', (_, pair, message) => {
    expect(() => serviceTokens([pair], ENV)).toThrow(message)
  })
})
