import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { BuiltImage } from '../../src/lib/sandbox/registry/image-builder.ts'
import { pushImage } from './testbed/push-image.ts'
import { openRegistry, type RegistryHttp } from './testbed/registry-http.ts'

const { registries } = inject('testbed')

describe.each([
  { variant: 'without authentication', address: registries.open },
  { variant: 'with htpasswd', address: registries.basic },
  { variant: 'with TLS and tokens', address: registries.token },
])('the real registry $variant', ({ address }) => {
  const repository = 'testbed/web'
  const scope = `repository:${repository}:pull`
  const created = new Date('2026-05-04T03:02:01Z')
  let registry: RegistryHttp
  let image: BuiltImage

  beforeAll(async () => {
    registry = await openRegistry(address)
    image = await pushImage(registry, repository, ['1.0.0', 'latest'], { created })
  })
  afterAll(() => registry.close())

  it('lists the pushed tags, in no order', async () => {
    const { body } = await registry.send(`/v2/${repository}/tags/list`, { scope })
    const { name, tags } = JSON.parse(String(body)) as { name: string; tags: string[] }
    expect(name).toBe(repository)
    expect(tags.toSorted()).toEqual(['1.0.0', 'latest'])
  })

  it('names the digest of the pushed index in a HEAD', async () => {
    const answer = await registry.send(`/v2/${repository}/manifests/latest`, {
      method: 'HEAD',
      headers: { accept: image.root.mediaType },
      scope,
    })
    expect(answer.status).toBe(200)
    expect(answer.headers['docker-content-digest']).toBe(image.root.digest)
  })

  it('returns the build date in the configuration of each platform', async () => {
    const [, amd64, arm64] = image.blobs
    for (const config of [amd64, arm64]) {
      const { body } = await registry.send(`/v2/${repository}/blobs/${config?.digest}`, { scope })
      expect(JSON.parse(String(body))).toMatchObject({ os: 'linux', created: created.toISOString() })
    }
  })
})

describe('access', () => {
  const anonymous = { username: '', password: '' }

  it.each([
    { variant: 'htpasswd', address: registries.basic, challenge: /^Basic realm="testbed"/ },
    {
      variant: 'tokens',
      address: registries.token,
      challenge: /^Bearer realm="http:\/\/127\.0\.0\.1:\d+\/token"/,
    },
  ])('is challenged by the registry with $variant', async ({ address, challenge }) => {
    const registry = await openRegistry({ ...address, ...anonymous })
    const answer = await registry.send('/v2/')
    await registry.close()
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toMatch(challenge)
  })

  it('is refused with a wrong password', async () => {
    const registry = await openRegistry({ ...registries.basic, password: 'wrong' })
    const answer = await registry.send('/v2/')
    await registry.close()
    expect(answer.status).toBe(401)
  })
})
