import { describe, expect, it } from 'vitest'
import { image, index, wellBehaved } from './image-fixture.ts'
import { open, server } from './opened.ts'
import { json } from './scripted-server.ts'

const names = (listing: { tags: readonly { tag: string }[] }) => listing.tags.map(({ tag }) => tag)

describe('listing tags', () => {
  it('asks for pages of 1000 and follows next links to the last page, which may be empty', async () => {
    const registry = await server((request, response) => {
      if (request.path.endsWith('?n=1000')) {
        return json(
          response,
          200,
          { tags: ['1.0', '1.1'] },
          { link: '</v2/org/app/tags/list?last=1.1&n=2>; rel="next"' },
        )
      }
      json(response, 200, { tags: [] })
    })
    const { access, image } = open([registry.host])
    const listing = await access.listTags(image())
    expect(names(listing)).toEqual(['1.0', '1.1'])
    expect(listing).toMatchObject({ via: 'registry v2, anonymous', credential: 'anonymous' })
    expect(registry.requests.map(({ path }) => path)).toEqual([
      '/v2/org/app/tags/list?n=1000',
      '/v2/org/app/tags/list?last=1.1&n=2',
    ])
    expect(registry.requests[0]?.headers['user-agent']).toBe('kubectl-image-updater/test')
  })

  it.each([
    [
      'a path without the virtual repository (Artifactory)',
      '</v2/other/path/tags/list?last=a&n=1>; rel="next"',
    ],
    ['another host', '<http://elsewhere.example/v2/org/app/tags/list?last=a&n=1>; rel="next"'],
    ['an unquoted relation', '<?last=a&n=1>;rel=next'],
  ])('takes only the query of a link with %s', async (_, link) => {
    const registry = await server((request, response) =>
      request.path.includes('last=a')
        ? json(response, 200, { tags: ['b'] })
        : json(response, 200, { tags: ['a'] }, { link }),
    )
    const { access, image } = open([registry.host])
    expect(names(await access.listTags(image()))).toEqual(['a', 'b'])
    expect(registry.requests.at(-1)?.path).toBe('/v2/org/app/tags/list?last=a&n=1')
    expect([...access.requests]).toEqual([[registry.host, 2]])
  })

  it.each([400, 405])('asks for smaller pages, then for none, after a %i', async (status) => {
    const registry = await server((request, response) =>
      request.path.includes('n=') ? json(response, status, {}) : json(response, 200, { tags: ['a'] }),
    )
    const { access, image } = open([registry.host])
    expect(names(await access.listTags(image()))).toEqual(['a'])
    expect(registry.requests.map(({ path }) => path.split('?')[1])).toEqual(['n=1000', 'n=100', undefined])
  })

  it('reads null as no tags', async () => {
    const registry = await server((_, response) => json(response, 200, { name: 'org/app', tags: null }))
    const { access, image } = open([registry.host])
    expect((await access.listTags(image())).tags).toEqual([])
  })

  it('leaves out and counts what is not a tag', async () => {
    const tags = ['ok', '', '.hidden', 'a b', '\u001b[2J', 'x'.repeat(129), 7, null, 'ok']
    const registry = await server((_, response) => json(response, 200, { tags }))
    const { access, image } = open([registry.host])
    expect(await access.listTags(image())).toMatchObject({ tags: [{ tag: 'ok' }], unusable: 7 })
  })

  it('gives up on pages that go round in a circle', async () => {
    const registry = await server((_, response) =>
      json(response, 200, { tags: ['a'] }, { link: '<?last=a>; rel="next"' }),
    )
    const { access, image } = open([registry.host])
    await expect(access.listTags(image())).rejects.toMatchObject({ kind: 'malformed' })
    expect(registry.requests).toHaveLength(2)
  })
})

describe('resolving a tag', () => {
  const { manifest, config } = image('amd64', '2026-01-01T00:00:00Z')

  it('takes the digest from a HEAD', async () => {
    const registry = await server(wellBehaved({ '1.0': manifest }, [config]))
    const { access, image } = open([registry.host])
    expect(await access.resolveDigest(image(), '1.0')).toBe(manifest.digest)
    expect(registry.requests.map(({ method }) => method)).toEqual(['HEAD'])
  })

  it.each([
    ['tells no digest', 200],
    ['knows no HEAD', 405],
  ])('computes it where the registry %s', async (_, status) => {
    const registry = await server((request, response) => {
      if (request.method === 'HEAD') return void response.writeHead(status).end()
      response.writeHead(200).end(manifest.body)
    })
    const { access, image } = open([registry.host])
    expect(await access.resolveDigest(image(), '1.0')).toBe(manifest.digest)
  })

  it('says not found', async () => {
    const registry = await server(wellBehaved({}, []))
    const { access, image } = open([registry.host])
    await expect(access.resolveDigest(image(), 'nope')).rejects.toMatchObject({
      kind: 'not-found',
      message: `${registry.host}: cannot resolve org/app:nope: not found (HTTP 404)`,
    })
  })
})

describe('describing an image', () => {
  const amd64 = image('amd64', '2026-01-01T00:00:00Z')
  const arm64 = image('arm64', '2026-02-02T00:00:00.123456789+01:00', 'v8')
  const both = index([
    { platform: 'linux/amd64', manifest: amd64.manifest },
    { platform: 'linux/arm64/v8', manifest: arm64.manifest },
  ])
  const contents = [amd64.config, amd64.manifest, arm64.config, arm64.manifest]

  it('tells platform, date and media type of a plain image', async () => {
    const registry = await server(wellBehaved({ '1.0': amd64.manifest }, contents))
    const { access, image } = open([registry.host])
    expect(await access.describe(image(), '1.0', [])).toEqual({
      digest: amd64.manifest.digest,
      mediaType: amd64.manifest.mediaType,
      createdAt: new Date('2026-01-01T00:00:00Z'),
      platforms: [{ os: 'linux', architecture: 'amd64', variant: '' }],
      manifests: [],
    })
  })

  it('tells every platform and manifest of an index, attestations left out, and the newest date', async () => {
    const registry = await server(wellBehaved({ '1.0': both }, contents))
    const { access, image } = open([registry.host])
    expect(await access.describe(image(), both.digest, [])).toEqual({
      digest: both.digest,
      mediaType: both.mediaType,
      createdAt: new Date('2026-02-01T23:00:00.123Z'),
      platforms: [
        { os: 'linux', architecture: 'amd64', variant: '' },
        { os: 'linux', architecture: 'arm64', variant: 'v8' },
      ],
      manifests: [amd64.manifest.digest, arm64.manifest.digest],
    })
  })

  it('reads the dates of the asked platforms only', async () => {
    const registry = await server(wellBehaved({ '1.0': both }, contents))
    const { access, image } = open([registry.host])
    const described = await access.describe(image(), '1.0', [
      { os: 'linux', architecture: 'amd64', variant: '' },
    ])
    expect(described.createdAt).toEqual(new Date('2026-01-01T00:00:00Z'))
    expect(described.platforms).toHaveLength(2)
    expect(registry.requests.some(({ path }) => path.includes(arm64.manifest.digest))).toBe(false)
  })

  it('never asks the address of a foreign layer', async () => {
    const registry = await server(wellBehaved({ '1.0': amd64.manifest }, contents))
    const { access, image } = open([registry.host])
    await access.describe(image(), '1.0', [])
    expect([...access.requests.keys()]).toEqual([registry.host])
  })

  it('refuses content that does not have its digest', async () => {
    const lie = { ...amd64.manifest, body: Buffer.from('{"schemaVersion":2,"layers":[]}') }
    const registry = await server(wellBehaved({ '1.0': lie }, contents))
    const { access, image } = open([registry.host])
    await expect(access.describe(image(), '1.0', [])).rejects.toMatchObject({
      kind: 'malformed',
      message: expect.stringContaining('does not have that digest'),
    })
  })
})
