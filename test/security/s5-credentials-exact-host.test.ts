import { describe, expect, it } from 'vitest'
import { findAuth, helperFor, parseDockerConfig } from '../../src/lib/registry/credentials/docker-config.ts'

const auth = Buffer.from('me:secret').toString('base64')

function found(key: string, registry: string, repository = 'org/app') {
  const config = parseDockerConfig(JSON.stringify({ auths: { [key]: { auth } } }))
  return findAuth(config, { registry, repository }, 'test') !== undefined
}

describe('S5: a login goes to its own registry only', () => {
  it.each([
    ['reg.example.co.uk', 'reg.example.co'],
    ['reg.example.co', 'reg.example.co.uk'],
    ['reg.example.co', 'xreg.example.co'],
    ['reg.example.co', 'reg.example.co:5000'],
    ['reg.example.co:5000', 'reg.example.co'],
    ['reg.example.co:5000', 'reg.example.co:50001'],
    ['example.co', 'reg.example.co'],
    ['https://index.docker.io.example.com/v1/', 'docker.io'],
    ['https://reg.example.co@evil.example/', 'reg.example.co'],
  ])('the login of %s is not for %s', (key, registry) => {
    expect(found(key, registry)).toBe(false)
  })

  it.each([
    ['reg.example.co', 'reg.example.co'],
    ['https://reg.example.co/v2/', 'reg.example.co'],
    ['REG.example.co:443', 'reg.example.co'],
    ['https://index.docker.io/v1/', 'docker.io'],
    ['registry-1.docker.io', 'docker.io'],
  ])('the login of %s is for %s', (key, registry) => {
    expect(found(key, registry)).toBe(true)
  })

  it('a credential helper is asked for its own registry only', () => {
    const config = parseDockerConfig(JSON.stringify({ credHelpers: { 'reg.example.co.uk': 'x' } }))
    expect(helperFor(config, 'reg.example.co')).toBe('')
    expect(helperFor(config, 'reg.example.co.uk')).toBe('x')
  })
})
