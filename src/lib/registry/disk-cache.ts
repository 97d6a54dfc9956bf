import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { putInPlace } from '../state/put-in-place.ts'
import { isDigest, matchesDigest } from './digest.ts'
import { LIMITS } from './limits.ts'

const MOST_BYTES = 256 * 1024 * 1024
/** Written bytes after which the directory is measured again. */
const MEASURE_EVERY = 16 * 1024 * 1024
/** How exact the note of the last use is, milliseconds: pruning needs no better. */
const USED_AGAIN_AFTER = 60 * 60 * 1000

/**
 * Content by digest in a directory of the operator's own: one file each, readable by nobody else, put in
 * place by renaming, believed only when its bytes have the digest. A cache that cannot be read or written
 * is as good as an empty one: nothing here throws.
 */
export class DiskCache {
  readonly #directory: string
  readonly #mostBytes: number
  #writtenSinceMeasured = Number.POSITIVE_INFINITY

  constructor(directory: string, mostBytes = MOST_BYTES) {
    this.#directory = directory
    this.#mostBytes = mostBytes
  }

  async read(digest: string): Promise<Buffer | undefined> {
    const file = this.#fileOf(digest)
    if (file === undefined) return undefined
    try {
      const { size, mtimeMs } = await stat(file)
      if (size > LIMITS.configBytes) throw new Error('larger than anything kept here')
      const content = await readFile(file)
      if (!matchesDigest(digest, content)) throw new Error('damaged')
      const now = new Date()
      if (now.getTime() - mtimeMs > USED_AGAIN_AFTER) await utimes(file, now, now).catch(() => {})
      return content
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') await rm(file, { force: true }).catch(() => {})
      return undefined
    }
  }

  async write(digest: string, content: Buffer): Promise<void> {
    const file = this.#fileOf(digest)
    if (file === undefined || content.byteLength > LIMITS.configBytes) return
    try {
      if (await exists(file)) return
      await putInPlace(file, content)
      await this.#prune(content.byteLength)
    } catch {
      // As good as not kept.
    }
  }

  /** Removes what was not used for longest until a quarter of the space is free again. */
  async #prune(written: number): Promise<void> {
    this.#writtenSinceMeasured += written
    if (this.#writtenSinceMeasured < Math.min(MEASURE_EVERY, this.#mostBytes / 16)) return
    this.#writtenSinceMeasured = 0
    const root = join(this.#directory, 'blobs')
    const files = await Promise.all(
      (await readdir(root, { recursive: true })).map(async (name) => ({
        name,
        info: await stat(join(root, name)),
      })),
    )
    const kept = files.filter(({ info }) => info.isFile()).sort((a, b) => a.info.mtimeMs - b.info.mtimeMs)
    let size = kept.reduce((sum, { info }) => sum + info.size, 0)
    if (size <= this.#mostBytes) return
    for (const { name, info } of kept) {
      if (size <= this.#mostBytes * 0.75) break
      await rm(join(root, name), { force: true })
      size -= info.size
    }
  }

  #fileOf(digest: string): string | undefined {
    if (!isDigest(digest)) return undefined
    const [algorithm = '', hex = ''] = digest.split(':')
    return join(this.#directory, 'blobs', algorithm, hex)
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
