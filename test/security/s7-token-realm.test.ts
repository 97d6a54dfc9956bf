import { describe, expect, it } from 'vitest'
import { checkRealm } from '../../src/lib/registry/realm.ts'
import { followRedirects } from '../../src/lib/registry/redirect.ts'
import { open, password, server } from '../registry/opened.ts'
import { json } from '../registry/scripted-server.ts'

const subject = { registry: 'r', repository: 'a', action: 'try' }
const none = { allowedHosts: [], plainHttpHosts: [], trustedRealms: [] }

describe('S7: a password goes to the registry itself or to a token server known to be its own', () => {
  it.each([
    ['https://registry.example.com', 'https://registry.example.com/token'],
    ['https://registry.example.com:5000', 'https://registry.example.com:5000/token'],
    ['https://registry-1.docker.io', 'https://auth.docker.io/token'],
    ['https://registry.gitlab.com', 'https://gitlab.com/jwt/auth'],
    ['https://ghcr.io', 'https://ghcr.io/token'],
    ['https://quay.io', 'https://quay.io/v2/auth'],
  ])('%s may name %s', (registry, realm) => {
    expect(checkRealm(realm, registry, true, none, subject).href).toBe(realm)
  })

  it.each([
    ['another host', 'https://registry.example.com', 'https://evil.example/token'],
    ['another port', 'https://registry.example.com', 'https://registry.example.com:8443/token'],
    ['a name that begins alike', 'https://ghcr.io', 'https://ghcr.io.evil.example/token'],
    ['plain http', 'https://registry.example.com', 'http://registry.example.com/token'],
    ['plain http of a known server', 'https://registry-1.docker.io', 'http://auth.docker.io/token'],
    ['the token server of another registry', 'https://evil.example', 'https://auth.docker.io/token'],
    ['a private address', 'https://registry.example.com', 'https://10.0.0.1/token'],
    ['a user name in the address', 'https://ghcr.io', 'https://ghcr.io@evil.example/token'],
    ['a file', 'https://ghcr.io', 'file:///etc/passwd'],
  ])('not to %s', (_, registry, realm) => {
    expect(() => checkRealm(realm, registry, true, none, subject)).toThrow(/token server/)
  })

  it.each([
    'https://127.0.0.1/token',
    'https://[::1]/token',
    'https://10.1.2.3/token',
    'https://169.254.169.254/latest',
    'https://metadata.google.internal/token',
    'https://localhost/token',
    'https://2130706433/token',
    'http://evil.example/token',
  ])('even without a password %s is not asked', (realm) => {
    expect(() => checkRealm(realm, 'https://registry.example.com', false, none, subject)).toThrow(
      /refuse|address|https/,
    )
  })

  it('a token server the operator trusts may be anywhere', () => {
    const rules = { ...none, trustedRealms: ['gitlab.example.com'] }
    const realm = 'https://gitlab.example.com/jwt/auth'
    expect(checkRealm(realm, 'https://registry.example.com', true, rules, subject).href).toBe(realm)
  })

  it('the other server never hears of the login, end to end', async () => {
    const thief = await server((_, response) => json(response, 200, { token: 'x' }))
    const registry = await server((_, response) =>
      json(
        response,
        401,
        {},
        { 'www-authenticate': `Bearer realm="http://${thief.host}/token",service="x"` },
      ),
    )
    const { access, image } = open([registry.host, thief.host], { credentials: password })
    await expect(access.listTags(image())).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('no password is sent there'),
      remedy: expect.stringContaining(`--trust-token-server ${thief.host}`),
    })
    expect(thief.requests).toEqual([])
  })

  it('and is asked when the operator trusts it', async () => {
    const tokens = await server((_, response) => json(response, 200, { access_token: 'good' }))
    const registry = await server((request, response) =>
      request.headers.authorization === 'Bearer good'
        ? json(response, 200, { tags: ['a'] })
        : json(response, 401, {}, { 'www-authenticate': `Bearer realm="http://${tokens.host}/token"` }),
    )
    const { access, image } = open([registry.host, tokens.host], {
      credentials: password,
      trustedRealms: [tokens.host],
    })
    expect((await access.listTags(image())).tags).toHaveLength(1)
    expect(tokens.requests[0]?.headers.authorization).toMatch(/^Basic /)
  })
})

describe('S7: redirects carry no secret away', () => {
  const other = (seen: (string | undefined)[]) =>
    server((request, response) => {
      seen.push(request.headers.authorization)
      json(response, 200, { tags: ['a'] })
    })

  it('to another host Authorization is dropped', async () => {
    const seen: (string | undefined)[] = []
    const target = await other(seen)
    const registry = await server((request, response) =>
      request.headers.authorization
        ? void response.writeHead(307, { location: `http://${target.host}/elsewhere` }).end()
        : json(response, 401, {}, { 'www-authenticate': 'Basic realm="x"' }),
    )
    const { access, image } = open([registry.host, target.host], { credentials: password })
    expect((await access.listTags(image())).tags).toHaveLength(1)
    expect(seen).toEqual([undefined])
  })

  it('a challenge from where a redirect led is not answered', async () => {
    const target = await server((_, response) =>
      json(response, 401, {}, { 'www-authenticate': 'Basic realm="x"' }),
    )
    const registry = await server(
      (_, response) => void response.writeHead(307, { location: `http://${target.host}/elsewhere` }).end(),
    )
    const { access, image } = open([registry.host, target.host], { credentials: password })
    await expect(access.listTags(image())).rejects.toMatchObject({ kind: 'unauthorized' })
    expect([...registry.requests, ...target.requests].map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      undefined,
    ])
  })

  it('a token request with a refresh token in its body is not redirected', async () => {
    const target = await other([])
    const registry = await server((request, response) =>
      request.path.startsWith('/token')
        ? void response.writeHead(307, { location: `http://${target.host}/token` }).end()
        : json(
            response,
            401,
            {},
            { 'www-authenticate': `Bearer realm="http://${request.headers.host}/token"` },
          ),
    )
    const { access, image } = open([registry.host, target.host], {
      credentials: async () => ({ kind: 'identity-token', token: 'secret', source: 'test' }),
    })
    await expect(access.listTags(image())).rejects.toMatchObject({ kind: 'refused' })
    expect(target.requests).toEqual([])
  })

  it.each([
    ['to a metadata address', 'http://169.254.169.254/latest/meta-data'],
    ['to a private address nobody allowed', 'http://10.0.0.1/x'],
    ['to a file', 'file:///etc/passwd'],
  ])('none is followed %s', async (_, location) => {
    const registry = await server((_request, response) => void response.writeHead(302, { location }).end())
    const { access, image } = open([registry.host])
    await expect(access.listTags(image())).rejects.toMatchObject({ kind: 'refused' })
    expect([...access.requests.keys()]).toEqual([registry.host])
  })

  it('from https to http none is followed', async () => {
    const asked: string[] = []
    const send = followRedirects(
      async ({ url }) => {
        asked.push(url.href)
        return { status: 302, headers: { location: 'http://r.example/x' }, body: Buffer.alloc(0), url }
      },
      { ...none, plainHttpHosts: ['r.example'] },
    )
    const url = new URL('https://r.example/')
    await expect(send({ method: 'GET', url, headers: {}, bodyLimit: 1, subject })).rejects.toMatchObject({
      kind: 'refused',
    })
    expect(asked).toEqual(['https://r.example/'])
  })

  it('an endless chain ends', async () => {
    const registry = await server((_, response) => void response.writeHead(302, { location: '/again' }).end())
    const { access, image } = open([registry.host])
    await expect(access.listTags(image())).rejects.toMatchObject({ kind: 'malformed' })
    expect(registry.requests).toHaveLength(6)
  })
})
