import { describe, expect, it } from 'vitest'
import type { Credential } from '../../src/lib/registry/credentials/credential.ts'
import { type EcrAccount, EcrRepositoryReader } from '../../src/lib/registry/ecr.ts'
import type { EcrApi } from '../../src/lib/registry/ecr-client.ts'
import { ecrCredentials } from '../../src/lib/registry/ecr-credential.ts'
import { HostScheduler } from '../../src/lib/registry/host-scheduler.ts'
import { RegistryError } from '../../src/lib/registry/registry-error.ts'
import type { RepositoryReader } from '../../src/lib/registry/repository-reader.ts'
import { FakeClock } from './fake-clock.ts'

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const endpoint = { registry: HOST, repository: 'org/app', api: `https://${HOST}`, credentialHosts: [HOST] }
const listing = { tags: [{ tag: 'a' }], via: 'registry v2, x', credential: 'x' }
const descriptor = { mediaType: '', digest: `sha256:${'1'.repeat(64)}`, size: 1, platform: undefined }

function named(name: string): Error {
  return Object.assign(new Error(name), { name })
}

function account(error: Error): EcrAccount {
  const api: EcrApi = {
    describeImages: () => Promise.reject(error),
    batchGetImage: () => Promise.reject(error),
    authorizationToken: () => Promise.resolve(undefined),
    close: () => {},
  }
  const host = { account: '123456789012', region: 'eu-west-1', fips: false, dualStack: false }
  const scheduler = new HostScheduler({ concurrency: 5, perSecond: 20 }, new FakeClock())
  const identity = 'AWS profile prod'
  const credentials = async () => undefined
  return { host, api, credentials, scheduler, identity, profile: 'prod', hasDistribution: true }
}

function distribution(outcome: typeof listing | RegistryError): RepositoryReader {
  const refuse = () => Promise.reject(outcome)
  return {
    listTags: () => (outcome instanceof RegistryError ? refuse() : Promise.resolve(outcome)),
    resolve: refuse,
    manifest: refuse,
    config: refuse,
  }
}

const failure = (kind: RegistryError['kind']) =>
  new RegistryError(kind, { registry: HOST, repository: 'org/app', action: 'try' }, 'no')

describe('where IAM lacks the permission', () => {
  it.each(['AccessDeniedException', 'CredentialsProviderError'])('%s leads to /v2/', async (name) => {
    const reader = new EcrRepositoryReader(endpoint, account(named(name)), distribution(listing))
    expect(await reader.listTags()).toBe(listing)
  })

  it('and /v2/ fails too, the AWS error is the one to tell', async () => {
    const reader = new EcrRepositoryReader(
      endpoint,
      account(named('AccessDeniedException')),
      distribution(failure('unauthorized')),
    )
    await expect(reader.listTags()).rejects.toMatchObject({
      kind: 'forbidden',
      message: expect.stringContaining('AWS profile prod'),
    })
  })

  it('other errors do not lead there', async () => {
    const reader = new EcrRepositoryReader(
      endpoint,
      account(named('RepositoryNotFoundException')),
      distribution(listing),
    )
    await expect(reader.listTags()).rejects.toMatchObject({ kind: 'not-found' })
  })
})

it('an expired SSO session says what to run', async () => {
  const error = Object.assign(named('CredentialsProviderError'), {
    message: 'The SSO session associated with this profile has expired',
  })
  const reader = new EcrRepositoryReader(endpoint, account(error), distribution(failure('unauthorized')))
  await expect(reader.listTags()).rejects.toMatchObject({
    kind: 'unauthorized',
    message: `${HOST}: cannot list the tags of org/app: the SSO session of AWS profile prod has expired`,
    remedy: 'Run: aws sso login --profile prod',
  })
})

it.each([
  ['unreachable', undefined],
  ['forbidden', undefined],
] as const)('a configuration that is %s leaves date and platform unknown', async (kind, expected) => {
  const reader = new EcrRepositoryReader(endpoint, account(named('x')), distribution(failure(kind)))
  expect(await reader.config(descriptor)).toBe(expected)
})

it('a configuration that is malformed is an error', async () => {
  const reader = new EcrRepositoryReader(endpoint, account(named('x')), distribution(failure('malformed')))
  await expect(reader.config(descriptor)).rejects.toMatchObject({ kind: 'malformed' })
})

describe('the credential for /v2/', () => {
  const local: Credential = {
    kind: 'password',
    username: 'AWS',
    password: 'p',
    source: '~/.docker/config.json',
  }
  const target = { registry: HOST, repository: 'org/app' }

  function credentials(tokens: readonly string[], login?: Credential) {
    const clock = new FakeClock()
    let asked = 0
    const authorizationToken = async () => Buffer.from(tokens[asked++] ?? '').toString('base64')
    const find = ecrCredentials(
      { authorizationToken },
      '123456789012',
      'AWS profile prod',
      clock,
      async () => login,
    )
    return { find, clock, asked: () => asked }
  }

  it('is a login that is there', async () => {
    expect(await credentials(['AWS:token'], local).find(target)).toBe(local)
  })

  it('else a token of the AWS identity', async () => {
    expect(await credentials(['AWS:to:ken']).find(target)).toEqual({
      kind: 'password',
      username: 'AWS',
      password: 'to:ken',
      source: 'AWS profile prod, ECR token',
    })
  })

  it('else none', async () => {
    expect(await credentials([]).find(target)).toBeUndefined()
  })

  it('serves every repository until half its life is over, or it is rejected', async () => {
    const { find, clock, asked } = credentials(['AWS:1', 'AWS:2', 'AWS:3'])
    const first = await find(target)
    await find({ ...target, repository: 'other' })
    expect(asked()).toBe(1)
    expect(await find(target, first)).toMatchObject({ password: '2' })
    expect(await find({ ...target, repository: 'other' }, first)).toMatchObject({ password: '2' })
    clock.advance(6 * 3_600_000)
    expect(await find(target)).toMatchObject({ password: '3' })
  })
})
