import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { ContentStore } from '../../src/lib/registry/content-store.ts'
import { sha256Digest } from '../../src/lib/registry/digest.ts'
import { DiskCache } from '../../src/lib/registry/disk-cache.ts'

async function emptyDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'cache-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}

it('the directory stays within its size', async () => {
  const directory = await emptyDirectory()
  const cache = new DiskCache(directory, 100_000)
  const digests = []
  for (let each = 0; each < 30; each++) {
    const content = Buffer.alloc(10_000, each)
    digests.push(sha256Digest(content))
    await cache.write(digests.at(-1) ?? '', content)
  }
  expect((await readdir(join(directory, 'blobs', 'sha256'))).length).toBeLessThanOrEqual(10)
  expect(await cache.read(digests.at(-1) ?? '')).toEqual(Buffer.alloc(10_000, 29))
})

it.each(['sha256:../../etc/passwd', 'sha256:abc', 'md5:00', ''])('%j leads nowhere', async (digest) => {
  const cache = new DiskCache(await emptyDirectory())
  await cache.write(digest, Buffer.from('x'))
  expect(await cache.read(digest)).toBeUndefined()
})

it('memory stays within its size, and keeps only what has its digest', async () => {
  const store = new ContentStore(undefined, 25)
  let fetched = 0
  const read = (text: string, digest = sha256Digest(Buffer.from(text))) =>
    store.read(digest, 'o', async () => {
      fetched++
      return Buffer.from(text)
    })
  for (const text of ['aaaaaaaaaa', 'bbbbbbbbbb', 'aaaaaaaaaa', 'cccccccccc', 'aaaaaaaaaa']) await read(text)
  expect(fetched).toBe(3)
  await read('bbbbbbbbbb')
  expect(fetched).toBe(4)
  await read('lie', `sha256:${'0'.repeat(64)}`)
  await read('lie', `sha256:${'0'.repeat(64)}`)
  expect(fetched).toBe(6)
})
