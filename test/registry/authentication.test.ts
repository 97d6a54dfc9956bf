import { describe, expect, it } from 'vitest'
import type { Credential } from '../../src/lib/registry/credentials/credential.ts'
import { open, password, server } from './opened.ts'
import { json, type Script } from './scripted-server.ts'

const BASIC = `Basic ${Buffer.from('me:secret-word').toString('base64')}`

/** A registry whose own host hands out tokens; each is good for `uses` requests. */
function bearerRegistry(hosts: { own: string }, expiresIn = 300, uses = 1000): Script {
  let issued = 0
  let used = 0
  return (request, response) => {
    if (request.path.startsWith('/token')) {
      used = 0
      return json(response, 200, { token: `token-${++issued}`, expires_in: expiresIn })
    }
    const [, repository = ''] = /^\/v2\/(.+)\/tags\/list/.exec(request.path) ?? []
    if (request.headers.authorization === `Bearer token-${issued}` && used++ < uses) {
      return json(response, 200, { tags: ['a'] })
    }
    const realm = `Bearer realm="http://${hosts.own}/token",service="a, \\"b\\"",scope="repository:${repository}:pull"`
    json(response, 401, {}, { 'www-authenticate': `Negotiate, ${realm}` })
  }
}

async function bearer(expiresIn?: number, uses?: number) {
  const hosts = { own: '' }
  const registry = await server(bearerRegistry(hosts, expiresIn, uses))
  hosts.own = registry.host
  return registry
}

describe('bearer tokens', () => {
  it('are fetched anonymously when there is no login, with service and scope of the challenge', async () => {
    const registry = await bearer()
    const { access, image } = open([registry.host])
    await access.listTags(image())
    const asked = new URL(`http://x${registry.requests[1]?.path}`)
    expect(asked.searchParams.get('service')).toBe('a, "b"')
    expect(asked.searchParams.getAll('scope')).toEqual(['repository:org/app:pull'])
    expect(registry.requests[1]?.headers.authorization).toBeUndefined()
  })

  it('are kept: the second request of a repository needs neither challenge nor token', async () => {
    const registry = await bearer()
    const { access, image } = open([registry.host], { credentials: password })
    await access.listTags(image())
    access.newCycle()
    await access.listTags(image())
    expect(registry.requests.map(({ path }) => path.split('?')[0])).toEqual([
      '/v2/org/app/tags/list',
      '/token',
      '/v2/org/app/tags/list',
      '/v2/org/app/tags/list',
    ])
    expect(registry.requests[1]?.headers.authorization).toBe(BASIC)
  })

  it('are fetched anew shortly before they expire', async () => {
    const registry = await bearer(300)
    const { access, clock, image } = open([registry.host])
    await access.listTags(image())
    clock.advance(271_000)
    access.newCycle()
    await access.listTags(image())
    expect(registry.requests.filter(({ path }) => path.startsWith('/token'))).toHaveLength(2)
    expect(registry.requests.at(-1)?.headers.authorization).toBe('Bearer token-2')
  })

  it('are fetched anew once when the registry rejects one early', async () => {
    const registry = await bearer(300, 1)
    const { access, image } = open([registry.host])
    await access.listTags(image())
    access.newCycle()
    await access.listTags(image())
    expect(registry.requests.at(-1)?.headers.authorization).toBe('Bearer token-2')
    expect(registry.requests).toHaveLength(6)
  })

  it('are not shared between repositories', async () => {
    const registry = await bearer()
    const { access, image } = open([registry.host])
    await access.listTags(image('org/app'))
    await access.listTags(image('org/other')).catch(() => {})
    const scopes = registry.requests
      .filter(({ path }) => path.startsWith('/token'))
      .map(({ path }) => decodeURIComponent(path))
    expect(scopes[1]).toContain('repository:org/other:pull')
    expect(scopes[1]).not.toContain('org/app')
  })

  it('are exchanged for an identity token by POST', async () => {
    const registry = await bearer()
    const identity: Credential = { kind: 'identity-token', token: 'refresh-me', source: 'test' }
    const { access, image } = open([registry.host], { credentials: async () => identity })
    await access.listTags(image())
    const form = new URLSearchParams(registry.requests[1]?.body)
    expect(registry.requests[1]?.method).toBe('POST')
    expect(Object.fromEntries(form)).toMatchObject({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-me',
    })
    expect(registry.requests[1]?.path).toBe('/token')
  })

  it.each([
    ['no JSON', 'gibberish'],
    ['no token', '{}'],
    ['a token that would break the header', '{"token":"a\\r\\nb"}'],
  ])('fail clearly on a token answer with %s', async (_, body) => {
    const registry = await server((request, response) => {
      if (request.path.startsWith('/token')) return void response.end(body)
      json(response, 401, {}, { 'www-authenticate': `Bearer realm="http://${request.headers.host}/token"` })
    })
    const { access, image } = open([registry.host])
    await expect(access.listTags(image())).rejects.toMatchObject({ kind: 'malformed' })
  })
})

describe('basic authentication', () => {
  const basic: Script = (request, response) =>
    request.headers.authorization === BASIC
      ? json(response, 200, { tags: ['a'] })
      : json(response, 401, { errors: [{ code: 'UNAUTHORIZED' }] }, { 'www-authenticate': 'Basic realm="x"' })

  it('is used only after the registry asked for it, then at once', async () => {
    const registry = await server(basic)
    const { access, image } = open([registry.host], { credentials: password })
    await access.listTags(image())
    access.newCycle()
    await access.listTags(image())
    expect(registry.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, BASIC, BASIC])
  })

  it('without a login is a clear error', async () => {
    const registry = await server(basic)
    const { access, image } = open([registry.host])
    await expect(access.listTags(image())).rejects.toMatchObject({
      kind: 'unauthorized',
      message: `${registry.host}: cannot list the tags of org/app: it wants a login (HTTP 401 UNAUTHORIZED)`,
      remedy: `Log in with: docker login ${registry.host}`,
    })
  })

  it('with a wrong password names the source of the login and no secret', async () => {
    const registry = await server((request, response) =>
      json(response, 401, { echo: request.headers }, { 'www-authenticate': 'Basic realm="x"' }),
    )
    const { access, image } = open([registry.host], { credentials: password })
    const error = await access.listTags(image()).catch((thrown: unknown) => thrown)
    expect(String(error)).toContain('refuses the login from test login')
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/secret-word|bWU6/)
  })

  it('tries a login that changed meanwhile', async () => {
    const registry = await server(basic)
    let asked = 0
    const { access, image } = open([registry.host], {
      credentials: async () => ({
        kind: 'password',
        username: 'me',
        password: ++asked === 1 ? 'expired' : 'secret-word',
        source: 'file',
      }),
    })
    expect((await access.listTags(image())).tags).toHaveLength(1)
    expect(asked).toBe(2)
  })
})

it('says on 403 that the login may not read', async () => {
  const registry = await server((_, response) => json(response, 403, { errors: [{ code: 'DENIED' }] }))
  const { access, image } = open([registry.host], { credentials: password })
  await expect(access.listTags(image())).rejects.toMatchObject({
    kind: 'forbidden',
    message: expect.stringContaining('with the login from test login (HTTP 403 DENIED)'),
  })
})
