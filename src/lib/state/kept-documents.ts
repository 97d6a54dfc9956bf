import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { putInPlace } from './put-in-place.ts'

export interface KeepLimits {
  /** Of one file. */
  readonly bytes: number
  readonly files: number
}

/** Not used for so long, milliseconds: nobody misses it. */
const FORGOTTEN_AFTER = 90 * 24 * 3_600_000
/** How exact the note of the last use is kept, milliseconds. */
const USED_AGAIN_AFTER = 24 * 3_600_000
/** Written files after which the folder is looked through again. */
const PRUNE_EVERY = 500
const ENDING = '.json'
/** Of a file name, with room for what makes an unfinished one unique. */
const LONGEST_NAME = 200

/**
 * Small JSON documents by key in a folder of the operator's own: one file each, readable by nobody else, and put
 * in place by renaming. What cannot be read is as good as absent, and what cannot be written is not kept: nothing
 * here throws.
 */
export class KeptDocuments {
  readonly #folder: string
  readonly #limits: KeepLimits
  #written = 0

  constructor(folder: string, limits: KeepLimits) {
    this.#folder = folder
    this.#limits = limits
  }

  async read(key: string): Promise<unknown> {
    const file = this.#fileOf(key)
    if (file === undefined) return undefined
    try {
      const info = await stat(file)
      if (!info.isFile() || info.size > this.#limits.bytes) return undefined
      const { key: own, value } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
      if (own !== key) return undefined
      const now = new Date()
      if (now.getTime() - info.mtimeMs > USED_AGAIN_AFTER) await utimes(file, now, now).catch(() => {})
      return value
    } catch {
      return undefined
    }
  }

  async write(key: string, value: unknown): Promise<void> {
    const file = this.#fileOf(key)
    const text = `${JSON.stringify({ key, value })}\n`
    if (file === undefined || Buffer.byteLength(text) > this.#limits.bytes) return
    try {
      await putInPlace(file, text)
      if (this.#written++ % PRUNE_EVERY === 0) await this.#prune()
    } catch {
      // As good as not kept.
    }
  }

  /** What there are documents of, as far as the names of the files tell. */
  async keys(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => [])
    return names.flatMap((name) => {
      if (!name.endsWith(ENDING)) return []
      try {
        return [decodeURIComponent(name.slice(0, -ENDING.length))]
      } catch {
        return []
      }
    })
  }

  /** Removes what was not used for long, and of too many files those that were not used for longest. */
  async #prune(): Promise<void> {
    const names = await readdir(this.#folder)
    const files = await Promise.all(
      names.map(async (name) => ({ name, used: (await stat(join(this.#folder, name))).mtimeMs })),
    )
    const [newest] = files.sort((a, b) => b.used - a.used)
    const oldest = (newest?.used ?? 0) - FORGOTTEN_AFTER
    const gone = files.filter(({ used }, index) => used < oldest || index >= this.#limits.files)
    for (const { name } of gone) await rm(join(this.#folder, name), { force: true })
  }

  #fileOf(key: string): string | undefined {
    const name = encodeURIComponent(key)
    return name.length > LONGEST_NAME ? undefined : join(this.#folder, `${name}${ENDING}`)
  }
}
