import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../src/lib/registry/limits.ts'
import { parseManifest } from '../../src/lib/registry/manifest.ts'
import { open, server } from '../registry/opened.ts'
import { json, type Script } from '../registry/scripted-server.ts'

const MIB = 1024 * 1024
const DIGEST = `sha256:${'0'.repeat(64)}`

/** Sends a body of so many bytes without announcing its length. */
function flood(bytes: number): Script {
  return (_, response) => {
    response.writeHead(200)
    const piece = Buffer.alloc(64 * 1024, 'x')
    let sent = 0
    const more = () => {
      while (sent < bytes && !response.destroyed) {
        sent += piece.byteLength
        if (!response.write(piece)) return void response.once('drain', more)
      }
      response.end()
    }
    more()
  }
}

describe('S16: nothing a registry sends fills the memory', () => {
  it('2 MB of garbage as a tag listing is one clear error', async () => {
    const registry = await server(flood(2 * MIB))
    const { access, image } = open([registry.host])
    const error = await access.listTags(image()).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      kind: 'malformed',
      message: `${registry.host}: cannot list the tags of org/app: the answer is not a tag listing (no JSON)`,
      remedy: `Check that ${registry.host} is a container registry`,
    })
    expect(registry.requests).toHaveLength(1)
  })

  it('a tag listing beyond its limit is cut off', async () => {
    const registry = await server(flood(LIMITS.tagListBytes + MIB))
    const { access, image } = open([registry.host])
    await expect(access.listTags(image())).rejects.toMatchObject({
      kind: 'too-large',
      message: expect.stringContaining('larger than 32 MiB'),
    })
  })

  it('an announced length beyond the limit is not read at all', async () => {
    const registry = await server((_, response) => {
      response.writeHead(200, { 'content-length': String(LIMITS.tagListBytes + 1) })
      response.flushHeaders()
    })
    const { access, image } = open([registry.host])
    await expect(access.listTags(image())).rejects.toMatchObject({ kind: 'too-large' })
  })

  it('a manifest beyond its limit is cut off', async () => {
    const registry = await server(flood(LIMITS.manifestBytes + MIB))
    const { access, image } = open([registry.host])
    await expect(access.describe(image(), DIGEST, [])).rejects.toMatchObject({
      kind: 'too-large',
      message: expect.stringContaining('larger than 4 MiB'),
    })
  })

  it('a token beyond its limit is cut off', async () => {
    const tooMuch = flood(LIMITS.tokenBytes + MIB)
    const registry = await server((request, response) =>
      request.path.startsWith('/token')
        ? tooMuch(request, response)
        : json(
            response,
            401,
            {},
            { 'www-authenticate': `Bearer realm="http://${request.headers.host}/token"` },
          ),
    )
    const { access, image } = open([registry.host])
    await expect(access.listTags(image())).rejects.toMatchObject({ kind: 'too-large' })
  })

  it('of an endless error body only the beginning is read', async () => {
    const registry = await server((_, response) => {
      response.writeHead(404)
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, 'x'))) {}
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    })
    const { access, image } = open([registry.host])
    await expect(access.listTags(image())).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('endless pages end', async () => {
    let page = 0
    const registry = await server((_, response) =>
      json(response, 200, { tags: [`t${++page}`] }, { link: `<?last=t${page}>; rel="next"` }),
    )
    const { access, image } = open([registry.host])
    await expect(access.listTags(image())).rejects.toMatchObject({ kind: 'too-large' })
    expect(registry.requests).toHaveLength(LIMITS.tagPages)
  })

  it('an answer that trickles is given up when its time is over', async () => {
    const arrived = Promise.withResolvers<void>()
    const registry = await server((_, response) => {
      response.writeHead(200)
      response.write('{"tags":[')
      arrived.resolve()
    })
    const { access, clock, image } = open([registry.host])
    const listing = access.listTags(image()).catch((thrown: unknown) => thrown)
    for (let attempt = 0; attempt < 4; attempt++) {
      await arrived.promise
      await expect.poll(() => registry.requests.length).toBe(attempt + 1)
      clock.expire()
    }
    expect(await listing).toMatchObject({ kind: 'timeout' })
  })

  it('an index of a thousand images is refused before any is asked for', () => {
    const manifests = Array.from({ length: 1000 }, () => ({ mediaType: 'x', digest: DIGEST, size: 1 }))
    const body = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }))
    expect(() => parseManifest(body)).toThrow('lists 1000 images')
  })
})
