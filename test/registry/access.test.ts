import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { canonicalRepository } from '../../src/lib/image/reference.ts'
import { ListedTags } from '../../src/lib/state/listed-tags.ts'
import { image, wellBehaved } from './image-fixture.ts'
import { open, server } from './opened.ts'
import { json } from './scripted-server.ts'

const { config, manifest } = image('amd64', '2026-01-01T00:00:00Z')

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'registry-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}

it('how each request ended is told by host: its status, and 0 where no answer came', async () => {
  const registry = await server((_, response) => json(response, 404, {}))
  const gone = await server(() => {})
  await gone.close()
  const told: string[] = []
  const { access, image } = open([registry.host, gone.host], {
    onResult: (host, status) => told.push(`${host} ${status}`),
  })
  await access.listTags(image()).catch(() => {})
  expect(told).toEqual([`${registry.host} 404`])
  await access.listTags({ ...image(), registry: gone.host }).catch(() => {})
  expect(new Set(told.slice(1))).toEqual(new Set([`${gone.host} 0`]))
})

describe('work is shared', () => {
  it('one listing and one HEAD a cycle, however many ask', async () => {
    const registry = await server(wellBehaved({ '1.0': manifest }, [config]))
    const { access, image } = open([registry.host])
    await Promise.all(Array.from({ length: 10 }, () => access.listTags(image())))
    await Promise.all(Array.from({ length: 10 }, () => access.resolveDigest(image(), '1.0')))
    expect(access.requests.get(registry.host)).toBe(2)
    access.newCycle()
    await access.listTags(image())
    await access.resolveDigest(image(), '1.0')
    expect(access.requests.get(registry.host)).toBe(4)
  })

  it('a failed listing is asked for once a cycle too', async () => {
    const registry = await server((_, response) => json(response, 404, {}))
    const { access, image } = open([registry.host])
    await expect(access.listTags(image())).rejects.toMatchObject({ kind: 'not-found' })
    await expect(access.listTags(image())).rejects.toMatchObject({ kind: 'not-found' })
    expect(registry.requests).toHaveLength(1)
  })

  it('content is asked for once for ever; a tag seen before costs one HEAD a cycle', async () => {
    const registry = await server(wellBehaved({ production: manifest }, [config]))
    const { access, image } = open([registry.host])
    await Promise.all([
      access.describe(image(), 'production', []),
      access.describe(image(), 'production', []),
    ])
    access.newCycle()
    await access.describe(image(), 'production', [])
    expect(registry.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'HEAD'])
  })

  it('a dead registry does not delay another', async () => {
    const registry = await server(wellBehaved({ '1.0': manifest }, []))
    const dead = '127.0.0.1:1'
    const { access, image } = open([registry.host, dead])
    await expect(access.listTags({ ...image(), registry: dead })).rejects.toMatchObject({
      kind: 'unreachable',
    })
    expect((await access.listTags(image())).tags).toHaveLength(1)
  })
})

describe('the cache on disk', () => {
  async function describeOnce(cacheDir: string): Promise<number> {
    const registry = await server(wellBehaved({ '1.0': manifest }, [config]))
    const { access, image } = open([registry.host], { cacheDir })
    const described = await access.describe(image(), '1.0', [])
    expect(described.platforms).toEqual([{ os: 'linux', architecture: 'amd64', variant: '' }])
    return registry.requests.length
  }

  it('spares the next run everything but the manifest a tag names now', async () => {
    const cache = await directory()
    expect(await describeOnce(cache)).toBe(2)
    expect(await describeOnce(cache)).toBe(1)
  })

  it('holds content by digest only, readable by its owner only, and nothing unfinished', async () => {
    const cache = await directory()
    await describeOnce(cache)
    const files = (await readdir(cache, { recursive: true })).filter((name) =>
      /\/[^/]*[0-9a-f]{8,}/.test(name),
    )
    const hex = [manifest, config].map(({ digest }) => `blobs/sha256/${digest.slice(7)}`)
    expect(files.sort()).toEqual(hex.sort())
    for (const file of files) expect((await stat(join(cache, file))).mode & 0o777).toBe(0o600)
  })

  it('has the tags of listings once all is closed; a listing that failed changes nothing', async () => {
    const cache = await directory()
    let alive = true
    const listing = wellBehaved({ '1.0': manifest, '1.1': manifest }, [])
    const registry = await server((request, response) =>
      alive ? listing(request, response) : json(response, 500, {}),
    )
    const list = async () => {
      const { access, image } = open([registry.host], { cacheDir: cache })
      await access.listTags(image()).catch(() => {})
      await access.close()
      return new ListedTags(cache).tagsOf(canonicalRepository(image()))
    }
    expect(await list()).toEqual(['1.1', '1.0'])
    alive = false
    expect(await list()).toEqual(['1.1', '1.0'])
  })

  it('is not believed when a file was changed', async () => {
    const cache = await directory()
    await describeOnce(cache)
    const file = join(cache, 'blobs', 'sha256', config.digest.slice(7))
    await writeFile(file, JSON.stringify({ os: 'linux', architecture: 'forged' }))
    expect(await describeOnce(cache)).toBe(2)
    expect(await readFile(file)).toEqual(config.body)
  })

  it('that cannot be written is no cache', async () => {
    const file = join(await directory(), 'a-file')
    await writeFile(file, '')
    expect(await describeOnce(join(file, 'cache'))).toBe(2)
  })
})
