import { expect, it } from 'vitest'
import { parseChallenges } from '../../src/lib/registry/challenge.ts'

it.each([
  ['', []],
  ['Basic', [{ scheme: 'basic', parameters: {} }]],
  ['Basic realm="x"', [{ scheme: 'basic', parameters: { realm: 'x' } }]],
  ['BEARER Realm = "x" , service=y', [{ scheme: 'bearer', parameters: { realm: 'x', service: 'y' } }]],
  ['Bearer realm="a, b=\\"c\\""', [{ scheme: 'bearer', parameters: { realm: 'a, b="c"' } }]],
  [
    'Basic realm="x", Bearer realm="y",scope="repository:a:pull,push"',
    [
      { scheme: 'basic', parameters: { realm: 'x' } },
      { scheme: 'bearer', parameters: { realm: 'y', scope: 'repository:a:pull,push' } },
    ],
  ],
  [
    'Negotiate abc==, NTLM, , Bearer realm="y"',
    [
      { scheme: 'negotiate', parameters: {} },
      { scheme: 'ntlm', parameters: {} },
      { scheme: 'bearer', parameters: { realm: 'y' } },
    ],
  ],
  ['Bearer realm="one",realm="two"', [{ scheme: 'bearer', parameters: { realm: 'one' } }]],
  [
    'Bearer realm="unfinished',
    [
      { scheme: 'bearer', parameters: {} },
      { scheme: 'realm', parameters: {} },
    ],
  ],
])('reads %j', (header, challenges) => {
  expect(parseChallenges(header)).toEqual(challenges)
})

it('takes no noticeable time for a hostile header', () => {
  expect(parseChallenges(`Bearer ${'a="\\'.repeat(10_000)}`).length).toBeGreaterThan(0)
})
