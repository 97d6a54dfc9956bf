import { matchesDigest } from './digest.ts'
import type { DiskCache } from './disk-cache.ts'
import { singleFlight } from './single-flight.ts'

const MEMORY_BYTES = 64 * 1024 * 1024

/**
 * Manifests and configurations by digest: they never change, so each is asked for once for ever. The
 * newest few in memory, and, where a disk cache is given, on disk for the next run.
 */
export class ContentStore {
  readonly #disk: DiskCache | undefined
  readonly #memoryBytes: number
  readonly #memory = new Map<string, Buffer>()
  readonly #flight = singleFlight<Buffer | undefined>()
  #size = 0

  constructor(disk?: DiskCache, memoryBytes = MEMORY_BYTES) {
    this.#disk = disk
    this.#memoryBytes = memoryBytes
  }

  /**
   * The content of `digest`, from here or through `fetch`. Only content that has the digest is kept.
   * `origin` keeps callers with different permissions from sharing one request.
   */
  read<T extends Buffer | undefined>(
    digest: string,
    origin: string,
    fetch: () => Promise<T>,
  ): Promise<Buffer | T> {
    const known = this.#memory.get(digest)
    if (known) {
      this.#remember(digest, known)
      return Promise.resolve(known)
    }
    return this.#flight(`${origin} ${digest}`, async () => {
      const stored = await this.#disk?.read(digest)
      if (stored) {
        this.#remember(digest, stored)
        return stored
      }
      const fetched = await fetch()
      if (fetched && matchesDigest(digest, fetched)) await this.keep(digest, fetched)
      return fetched
    }) as Promise<Buffer | T>
  }

  /** Keeps content that is known to have the digest. */
  async keep(digest: string, content: Buffer): Promise<void> {
    if (this.#memory.has(digest)) return
    this.#remember(digest, content)
    await this.#disk?.write(digest, content)
  }

  #remember(digest: string, content: Buffer): void {
    const before = this.#memory.get(digest)
    if (before) {
      this.#memory.delete(digest)
      this.#size -= before.byteLength
    }
    this.#memory.set(digest, content)
    this.#size += content.byteLength
    for (const [oldest, bytes] of this.#memory) {
      if (this.#size <= this.#memoryBytes || oldest === digest) break
      this.#memory.delete(oldest)
      this.#size -= bytes.byteLength
    }
  }
}
