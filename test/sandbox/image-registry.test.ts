import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type ImageRegistry,
  type ImageRegistryOptions,
  startImageRegistry,
} from '../../src/lib/sandbox/image-registry.ts'

let registry: ImageRegistry
const start = async (options?: ImageRegistryOptions): Promise<void> => {
  registry = await startImageRegistry(options)
}
const url = (path: string): string => `http://${registry.host}${path}`
const get = (path: string, init?: RequestInit): Promise<Response> => fetch(url(path), init)
const json = async (path: string, init?: RequestInit): Promise<Record<string, unknown>> =>
  (await (await get(path, init)).json()) as Record<string, unknown>
const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`

afterEach(() => registry.close())

describe('an image that CI pushed', () => {
  it('resolves from its tag to configurations with the platform, date and labels, each under its own digest', async () => {
    await start()
    const created = new Date('2026-01-02T03:04:05Z')
    const digest = registry.pushImage('team/web', '1.0', { created, labels: { revision: 'abc' } })
    const response = await get('/v2/team/web/manifests/1.0')
    const text = await response.text()
    expect(response.headers.get('docker-content-digest')).toBe(digest)
    expect(digestOf(text)).toBe(digest)
    const index = JSON.parse(text) as { manifests: { digest: string; platform: object }[] }
    expect(index.manifests.map(({ platform }) => platform)).toEqual([
      { architecture: 'amd64', os: 'linux' },
      { architecture: 'arm64', os: 'linux', variant: 'v8' },
    ])
    const manifest = (await json(`/v2/team/web/manifests/${index.manifests[1]?.digest}`)) as {
      config: { digest: string }
      layers: { digest: string }[]
    }
    const config = await json(`/v2/team/web/blobs/${manifest.config.digest}`)
    expect(config).toMatchObject({
      created: '2026-01-02T03:04:05.000Z',
      architecture: 'arm64',
      variant: 'v8',
      config: { Labels: { revision: 'abc' } },
    })
    expect((await get(`/v2/team/web/blobs/${manifest.layers[0]?.digest}`, { method: 'HEAD' })).status).toBe(
      200,
    )
  })

  it('gets a new digest when the tag moves, and the old one stays', async () => {
    await start()
    const before = registry.pushImage('web', 'production', { created: new Date(0) })
    const after = registry.pushImage('web', 'production', { created: new Date(1) })
    expect(after).not.toBe(before)
    const head = await get('/v2/web/manifests/production', { method: 'HEAD' })
    expect(head.headers.get('docker-content-digest')).toBe(after)
    expect((await get(`/v2/web/manifests/${before}`)).status).toBe(200)
    const unchanged = await get('/v2/web/manifests/production', {
      headers: { 'if-none-match': `"${after}"` },
    })
    expect(unchanged.status).toBe(304)
  })

  it('is a plain manifest for one platform', async () => {
    await start()
    registry.pushImage('web', '1', { platforms: [{ os: 'linux', architecture: 's390x', variant: '' }] })
    const response = await get('/v2/web/manifests/1')
    expect(response.headers.get('content-type')).toBe('application/vnd.oci.image.manifest.v1+json')
  })

  it('has a signature beside it', async () => {
    await start()
    const digest = registry.pushImage('web', '1')
    const tag = registry.pushSignature('web', digest)
    expect(tag).toBe(`${digest.replace(':', '-')}.sig`)
    expect(await json('/v2/web/tags/list')).toEqual({ name: 'web', tags: ['1', tag] })
  })
})

describe('tags/list', () => {
  const collect = async (first: string): Promise<string[][]> => {
    const pages: string[][] = []
    for (let next: string | undefined = first; next; ) {
      const response = await get(next)
      pages.push(((await response.json()) as { tags: string[] }).tags)
      next = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1]
    }
    return pages
  }

  it.each([
    ['all at once', {}, '', [['a', 'b', 'c', 'd', 'e']]],
    ['in pages of n', {}, '?n=2', [['a', 'b'], ['c', 'd'], ['e']]],
    ['after last', {}, '?last=c', [['d', 'e']]],
    [
      'in smaller pages than asked where the registry says so',
      { pageLimit: 3 },
      '?n=100',
      [
        ['a', 'b', 'c'],
        ['d', 'e'],
      ],
    ],
    ['no tags for n=0', {}, '?n=0', [[]]],
  ] as [string, ImageRegistryOptions, string, string[][]][])('gives %s', async (_, options, query, pages) => {
    await start(options)
    for (const tag of ['e', 'd', 'c', 'b', 'a']) registry.pushImage('team/web', tag)
    expect(await collect(`/v2/team/web/tags/list${query}`)).toEqual(pages)
  })
})

describe('a push over HTTP', () => {
  it('stores blobs by POST and PUT or by one POST, and manifests by tag and digest', async () => {
    await start()
    const blob = 'content'
    const upload = await get('/v2/a/b/blobs/uploads/', { method: 'POST' })
    expect(upload.status).toBe(202)
    const location = `${upload.headers.get('location')}?digest=${digestOf(blob)}`
    expect((await get(location, { method: 'PUT', body: blob })).status).toBe(201)
    expect(await (await get(`/v2/a/b/blobs/${digestOf(blob)}`)).text()).toBe(blob)
    const other = `/v2/a/b/blobs/uploads/?digest=${digestOf('other')}`
    expect((await get(other, { method: 'POST', body: 'other' })).status).toBe(201)
    const manifest = '{"schemaVersion":2}'
    const put = await get('/v2/a/b/manifests/v1', {
      method: 'PUT',
      body: manifest,
      headers: { 'content-type': 'x/y' },
    })
    expect([put.status, put.headers.get('docker-content-digest')]).toEqual([201, digestOf(manifest)])
    expect((await get('/v2/a/b/manifests/v1')).headers.get('content-type')).toBe('x/y')
  })

  it('refuses content that is not what its digest says', async () => {
    await start()
    const reply = await get(`/v2/a/blobs/uploads/?digest=${digestOf('x')}`, { method: 'POST', body: 'y' })
    expect(reply.status).toBe(400)
    expect(await reply.json()).toMatchObject({ errors: [{ code: 'DIGEST_INVALID' }] })
  })
})

it.each([
  ['/v2/none/tags/list', 'NAME_UNKNOWN'],
  ['/v2/none/manifests/1', 'MANIFEST_UNKNOWN'],
  [`/v2/none/blobs/${digestOf('')}`, 'BLOB_UNKNOWN'],
  ['/v2/UPPER/tags/list', 'NAME_INVALID'],
])('%s answers 404 %s', async (path, code) => {
  await start()
  const reply = await get(path)
  expect([reply.status, await reply.json()]).toMatchObject([404, { errors: [{ code }] }])
})

describe('authentication', () => {
  const credential = { username: 'ci', password: 'secret' }
  const basic = `Basic ${Buffer.from('ci:secret').toString('base64')}`

  it('asks for a password', async () => {
    await start({ authentication: { scheme: 'basic', ...credential } })
    const refused = await get('/v2/')
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm="sandbox registry"',
    ])
    expect((await get('/v2/', { headers: { authorization: basic } })).status).toBe(200)
  })

  it('hands out tokens for one repository, from its own token endpoint', async () => {
    await start({ authentication: { scheme: 'bearer', ...credential } })
    registry.pushImage('web', '1')
    registry.pushImage('api', '1')
    const refused = await get('/v2/web/tags/list')
    expect(refused.headers.get('www-authenticate')).toBe(
      `Bearer realm="http://${registry.host}/token",service="${registry.host}",scope="repository:web:pull"`,
    )
    expect((await get('/token?scope=repository:web:pull')).status).toBe(401)
    const { token } = await json('/token?scope=repository:web:pull', { headers: { authorization: basic } })
    const headers = { authorization: `Bearer ${token}` }
    expect((await get('/v2/web/tags/list', { headers })).status).toBe(200)
    expect((await get('/v2/api/tags/list', { headers })).status).toBe(401)
  })

  it('lets anonymous tokens pull but not push', async () => {
    await start({ authentication: { scheme: 'bearer', ...credential, anonymousPull: true } })
    registry.pushImage('web', '1')
    const { token } = await json('/token?scope=repository:web:pull,push')
    const headers = { authorization: `Bearer ${token}` }
    expect((await get('/v2/web/tags/list', { headers })).status).toBe(200)
    expect((await get('/v2/web/blobs/uploads/', { method: 'POST', headers })).status).toBe(401)
  })
})

describe('faults', () => {
  it('answer with a status so many times', async () => {
    await start()
    registry.pushImage('web', '1')
    registry.faults.inject({ matches: /tags\/list/, times: 2, status: 503, headers: { 'retry-after': '1' } })
    const codes: number[] = []
    for (let turn = 0; turn < 3; turn += 1) codes.push((await get('/v2/web/tags/list')).status)
    expect(codes).toEqual([503, 503, 200])
  })

  it('hold an answer back until an event', async () => {
    await start()
    registry.pushImage('web', '1')
    const gate = Promise.withResolvers<void>()
    registry.faults.inject({ matches: /manifests/, until: gate.promise })
    const answered: string[] = []
    const slow = get('/v2/web/manifests/1').then(() => answered.push('manifest'))
    await get('/v2/web/tags/list').then(() => answered.push('tags'))
    gate.resolve()
    await slow
    expect(answered).toEqual(['tags', 'manifest'])
  })

  it('send garbage, or hang up', async () => {
    await start()
    registry.faults.inject({ matches: /tags/, times: 1, body: '<html>' })
    expect(await (await get('/v2/web/tags/list')).text()).toBe('<html>')
    const takeBack = registry.faults.inject({ matches: /tags/, disconnect: true })
    await expect(get('/v2/web/tags/list')).rejects.toThrow('fetch failed')
    takeBack()
    expect((await get('/v2/web/tags/list')).status).toBe(404)
  })
})

it('remembers every request', async () => {
  await start()
  await get('/v2/')
  await get('/v2/web/tags/list?n=1')
  expect(registry.requests).toEqual(['GET /v2/', 'GET /v2/web/tags/list?n=1'])
})
