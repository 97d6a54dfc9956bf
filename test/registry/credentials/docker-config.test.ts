import { expect, it } from 'vitest'
import {
  findAuth,
  helperFor,
  parseDockerConfig,
} from '../../../src/lib/registry/credentials/docker-config.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

it.each([
  ['auth', { auth: base64('me:pass') }, { kind: 'password', username: 'me', password: 'pass' }],
  [
    'a password with colons',
    { auth: base64('me:a:b:c') },
    { kind: 'password', username: 'me', password: 'a:b:c' },
  ],
  ['an empty password', { auth: base64('me:') }, { kind: 'password', username: 'me', password: '' }],
  [
    'user name and password',
    { username: 'me', password: 'p' },
    { kind: 'password', username: 'me', password: 'p' },
  ],
  [
    'an identity token',
    { auth: base64('00000000-0000-0000-0000-000000000000:'), identitytoken: 't' },
    { kind: 'identity-token', token: 't' },
  ],
])('reads %s', (_, entry, expected) => {
  const config = parseDockerConfig(JSON.stringify({ auths: { 'r.io': entry } }))
  expect(findAuth(config, { registry: 'r.io', repository: 'a' }, 'test')).toEqual({
    ...expected,
    source: 'test',
  })
})

it.each([
  ['an empty entry, as a credential store leaves it', {}],
  ['no colon', { auth: base64('mepass') }],
  ['no base64', { auth: '§§§' }],
  ['no text', { auth: 7 }],
  ['no entry', null],
])('has no login in %s', (_, entry) => {
  const config = parseDockerConfig(JSON.stringify({ auths: { 'r.io': entry } }))
  expect(findAuth(config, { registry: 'r.io', repository: 'a' }, 'test')).toBeUndefined()
})

it.each([
  ['nope', 'the docker configuration is not JSON'],
  ['[]', 'the docker configuration is not a JSON object'],
  ['{"auths":{"r.io":{"auth":"c2VjcmV0"', 'the docker configuration is not JSON'],
])('refuses %s without repeating it', (text, message) => {
  expect(() => parseDockerConfig(text)).toThrow(message)
})

it.each([
  ['r.io', 'own'],
  ['docker.io', 'hub'],
  ['other.io', 'all'],
])('the helper for %s is %s', (registry, helper) => {
  const config = parseDockerConfig(
    JSON.stringify({
      credsStore: 'all',
      credHelpers: { 'r.io': 'own', 'https://index.docker.io/v1/': 'hub' },
    }),
  )
  expect(helperFor(config, registry)).toBe(helper)
})
