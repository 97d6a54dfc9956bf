import { expect, it } from 'vitest'
import { findAuth, parseDockerConfig } from '../../src/lib/registry/credentials/docker-config.ts'

const entry = (username: string) => ({ auth: Buffer.from(`${username}:x`).toString('base64') })

function userFor(keys: readonly string[], repository: string): string | undefined {
  const auths = Object.fromEntries(keys.map((key) => [key, entry(key)]))
  const config = parseDockerConfig(JSON.stringify({ auths }))
  const credential = findAuth(config, { registry: 'ghcr.io', repository }, 'test')
  return credential?.kind === 'password' ? credential.username : undefined
}

it.each([
  ['a neighbour that begins alike gets nothing', ['ghcr.io/team-a'], 'team-ab/app', undefined],
  ['a part of a part gets nothing', ['ghcr.io/team'], 'team-a/app', undefined],
  ['a longer path than the repository gets nothing', ['ghcr.io/team-a/app/x'], 'team-a/app', undefined],
  ['an entry without a host catches nothing', ['', '/', 'https://'], 'team-a/app', undefined],
  ['whole parts match', ['ghcr.io/team-a'], 'team-a/app', 'ghcr.io/team-a'],
  [
    'the most specific entry wins',
    ['ghcr.io', 'ghcr.io/team-a/app', 'ghcr.io/team-a'],
    'team-a/app',
    'ghcr.io/team-a/app',
  ],
  ['the host alone is for the rest', ['ghcr.io', 'ghcr.io/team-a'], 'team-ab/app', 'ghcr.io'],
])('S6: %s', (_, keys, repository, expected) => {
  expect(userFor(keys, repository)).toBe(expected)
})
