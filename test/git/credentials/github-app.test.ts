import { generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { gitHubApi } from '../../../src/lib/git/credentials/github-api.ts'
import { GitHubAppTokens } from '../../../src/lib/git/credentials/github-app-token.ts'
import { parseRepositoryUrl } from '../../../src/lib/git/repository-url.ts'
import { connectProxy, socksProxy } from '../../cluster/proxies.ts'
import { TEST_CERTIFICATE } from '../../registry/test-certificate.ts'
import { APP_ID, APP_KEY, APP_KEY_PKCS8, gitHubServer, INSTALLATION } from './github-server.ts'

const SOURCE = 'Secret argocd/app'
const ROUTE = { ca: TEST_CERTIFICATE, proxy: '' }

async function github(env: Record<string, string> = {}) {
  const time = { now: Date.parse('2026-03-01T12:00:00Z') }
  const server = await gitHubServer(() => time.now)
  const tokens = new GitHubAppTokens({ env, userAgent: 'kubectl-image-updater/test', now: () => time.now })
  const app = { appId: APP_ID, installationId: INSTALLATION, privateKey: APP_KEY, baseUrl: server.baseUrl }
  return { app, server, time, tokens }
}

describe('the token of a GitHub App', () => {
  it.each([
    ['PKCS#1', APP_KEY],
    ['PKCS#8', APP_KEY_PKCS8],
  ])('is handed out for a JWT signed by its key, %s', async (_, privateKey) => {
    const { app, server, tokens } = await github()
    expect(await tokens.token({ ...app, privateKey }, ROUTE, SOURCE)).toBe('ghs_token1')
    expect(server.asked).toEqual([`POST /api/v3/app/installations/${INSTALLATION}/access_tokens`])
  })

  it('is kept, and renewed a minute before its end', async () => {
    const { app, server, time, tokens } = await github()
    const ask = () => tokens.token(app, ROUTE, SOURCE)
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(['ghs_token1', 'ghs_token1', 'ghs_token1'])
    time.now += 3_600_000 - 60_001
    expect(await ask()).toBe('ghs_token1')
    time.now += 1
    expect(await Promise.all([ask(), ask()])).toEqual(['ghs_token2', 'ghs_token2'])
    expect(server.asked).toHaveLength(2)
  })

  it('is asked for through the proxy of the Secret', async () => {
    const { app, server, tokens } = await github()
    const proxy = await connectProxy()
    const route = { ...ROUTE, proxy: `http://me:pw@127.0.0.1:${proxy.port}` }
    expect(await tokens.token(app, route, SOURCE)).toBe('ghs_token1')
    expect(proxy.tunnels).toEqual([server.host])
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('me:pw').toString('base64')}`])
  })

  it('is asked for through a SOCKS proxy', async () => {
    const { app, server, tokens } = await github()
    const proxy = await socksProxy()
    const route = { ...ROUTE, proxy: `socks5://127.0.0.1:${proxy.port}` }
    expect(await tokens.token(app, route, SOURCE)).toBe('ghs_token1')
    expect(proxy.tunnels).toEqual([server.host])
  })

  it('is not the one of another key', async () => {
    const { app, tokens } = await github()
    await tokens.token(app, ROUTE, SOURCE)
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const other = { ...app, privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
    await expect(tokens.token(other, ROUTE, SOURCE)).rejects.toThrow('does not accept its key (401)')
  })
})

describe('no token', () => {
  it.each<[status: number, body: string, problem: string]>([
    [401, '{}', 'does not accept its key (401)'],
    [403, '{}', 'refuses it (403)'],
    [404, '{}', 'knows no such installation (404)'],
    [301, '', 'answered 301'],
    [503, 'hidden-word', 'answered 503'],
    [201, 'hidden-word', 'sent no usable token'],
    [201, '{"token":"a b","expires_at":"2026-03-01T13:00:00Z"}', 'sent no usable token'],
    [201, '{"token":"ghs_x","expires_at":"soon"}', 'sent no usable token'],
    [201, '[]', 'sent no usable token'],
    [201, 'null', 'sent no usable token'],
    [201, `{"token":"${'a'.repeat(300_000)}"}`, 'sent no usable token'],
  ])('for an answer %i %.60s', async (status, body, problem) => {
    const { app, server, tokens } = await github()
    server.answer = { status, body, headers: { location: 'https://127.0.0.1:1/' } }
    const error: Error = await tokens.token(app, ROUTE, SOURCE).then(
      () => expect.unreachable(),
      (reason) => reason,
    )
    expect(error.message).toBe(`GitHub App ${APP_ID} of ${SOURCE}: ${server.host} ${problem}`)
    expect(inspect(error)).not.toMatch(/hidden-word|PRIVATE|Bearer|ghs_/)
  })

  it('is asked for again only after a minute', async () => {
    const { app, server, time, tokens } = await github()
    server.answer = { status: 503, body: '' }
    const ask = () => tokens.token(app, ROUTE, SOURCE)
    await expect(ask()).rejects.toThrow('503')
    server.answer = undefined
    await expect(ask()).rejects.toThrow('503')
    time.now += 60_000
    expect(await ask()).toBe('ghs_token1')
  })

  it('from a host whose certificate is not trusted', async () => {
    const { app, server, tokens } = await github()
    await expect(tokens.token(app, { proxy: '' }, SOURCE)).rejects.toMatchObject({
      message: expect.stringMatching(/cannot be reached \((?:DEPTH_ZERO_)?SELF_SIGNED_CERT\w*\)$/),
      remedy: expect.stringContaining('argocd-tls-certs-cm'),
    })
    expect(server.asked).toEqual([])
  })

  it('through a proxy that is not there; its password is not repeated', async () => {
    const { app, tokens } = await github()
    const proxy = 'http://u:hidden-word@127.0.0.1:1'
    const error: Error = await tokens.token(app, { ...ROUTE, proxy }, SOURCE).then(
      () => expect.unreachable(),
      (reason) => reason,
    )
    expect(error.message).toContain('cannot be reached')
    expect(inspect(error)).not.toContain('hidden-word')
  })

  it.each([
    ['no key', 'hidden-word'],
    [
      'an elliptic key',
      generateKeyPairSync('ec', {
        namedCurve: 'P-256',
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        publicKeyEncoding: { type: 'spki', format: 'pem' },
      }).privateKey,
    ],
  ])('with %s', async (_, privateKey) => {
    const { app, server, tokens } = await github()
    const error: Error = await tokens.token({ ...app, privateKey }, ROUTE, SOURCE).then(
      () => expect.unreachable(),
      (reason) => reason,
    )
    expect(error.message).toBe(`githubAppPrivateKey of ${SOURCE} is not a private RSA key`)
    expect(inspect(error)).not.toMatch(/hidden-word|PRIVATE/)
    expect(server.asked).toEqual([])
  })
})

describe('the API of a GitHub App', () => {
  it.each([
    ['', 'https://github.com/org/shop', 'https://api.github.com'],
    ['https://api.github.com/', 'https://github.com/org/shop', 'https://api.github.com'],
    ['https://ghe.example.com/api/v3/', 'https://ghe.example.com/org/shop', 'https://ghe.example.com/api/v3'],
    ['https://api.octo.ghe.com', 'https://octo.ghe.com/org/shop', 'https://api.octo.ghe.com'],
    [
      'https://GHE.example.com:8443/api/v3',
      'https://ghe.example.com:8443/a/b',
      'https://ghe.example.com:8443/api/v3',
    ],
  ])('of base URL %j for %s', (baseUrl, repository, api) => {
    expect(gitHubApi(baseUrl, parseRepositoryUrl(repository), SOURCE)).toBe(api)
  })

  it.each([
    ['', 'https://ghe.example.com/org/shop', 'its tokens are of api.github.com'],
    ['', 'https://github.com.evil.net/org/shop', 'its tokens are of api.github.com'],
    ['', 'https://github.com:8443/org/shop', 'its tokens are of api.github.com'],
    ['https://ghe.example.com/api/v3', 'https://github.com/org/shop', 'its tokens are of ghe.example.com'],
    ['https://ghe.example.com/api/v3', 'https://other.example.com/org/shop', 'its tokens are of ghe'],
    ['https://evil-api.github.com', 'https://github.com/org/shop', 'its tokens are of evil'],
    ['http://ghe.example.com/api/v3', 'https://ghe.example.com/org/shop', 'must be plain https'],
    ['https://u:hidden-word@ghe.example.com', 'https://ghe.example.com/org/shop', 'must be plain https'],
    ['hidden-word', 'https://ghe.example.com/org/shop', 'is no URL'],
    ['', 'http://github.com/org/shop', 'by https only'],
  ])('is not of base URL %j for %s', (baseUrl, repository, problem) => {
    const find = () => gitHubApi(baseUrl, parseRepositoryUrl(repository), SOURCE)
    expect(find).toThrow(problem)
    expect(find).not.toThrow('hidden-word')
  })
})
