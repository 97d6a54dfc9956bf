import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { putInPlace } from './put-in-place.ts'
import { stateFolder } from './state-folder.ts'

/** Seen again so long ago, milliseconds: whatever it was, no rule waits for it any more. */
const FORGOTTEN_AFTER = 90 * 24 * 3_600_000
const MOST_ENTRIES = 50_000
const MOST_BYTES = 16 * 1024 * 1024
/** How exact the note of the last sight is kept, milliseconds: forgetting needs no better. */
const SEEN_AGAIN_AFTER = 24 * 3_600_000

/** First and last sight, milliseconds since 1970. */
type Sight = readonly [first: number, last: number]

/**
 * First sights of images in a file of the operator's own, readable by nobody else, and put in place by
 * renaming. Several processes may use it: each merges what the others wrote before it writes, and the
 * earliest sight counts. A file that cannot be read is as good as none; one that cannot be written is told
 * once, since a rule with `min-age` then begins to wait anew in every run.
 */
export class SightingFile {
  readonly #path: string
  readonly #warn: (text: string) => void
  #sights: Promise<Map<string, Sight>> | undefined
  #changed = false
  #warned = false

  constructor(path: string, warn: (text: string) => void) {
    this.#path = path
    this.#warn = warn
  }

  async sighted(repository: string, tag: string, digest: string, now: Date): Promise<Date> {
    this.#sights ??= this.#read()
    const sights = await this.#sights
    const key = `${repository}:${tag}@${digest}`
    const time = now.getTime()
    const [first, last] = sights.get(key) ?? [time, Number.NEGATIVE_INFINITY]
    // A clock that was wrong must not make an image older than it is: the future has not been seen.
    const since = Math.min(first, time)
    if (since !== first || time - last > SEEN_AGAIN_AFTER) {
      sights.set(key, [since, time])
      this.#changed = true
    }
    return new Date(since)
  }

  async save(): Promise<void> {
    if (!this.#changed || this.#sights === undefined) return
    this.#changed = false
    const sights = merged(await this.#sights, await this.#read())
    try {
      await putInPlace(this.#path, fileText(sights))
    } catch (error) {
      if (this.#warned) return
      this.#warned = true
      this.#warn(
        `first sights of images cannot be kept in ${this.#path} (${(error as NodeJS.ErrnoException).code ?? error}): rules with min-age begin to wait anew in the next run`,
      )
    }
  }

  async #read(): Promise<Map<string, Sight>> {
    try {
      const text = await readFile(this.#path, 'utf8')
      if (text.length > MOST_BYTES) return new Map()
      const { sights } = JSON.parse(text) as { readonly sights?: unknown }
      return new Map(
        Object.entries(sights ?? {}).filter((entry): entry is [string, Sight] => isSight(entry[1])),
      )
    } catch {
      return new Map()
    }
  }
}

/** The file of this operator. Nothing is read before it is needed. */
export function sightingFile(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
  warn: (text: string) => void,
): SightingFile {
  return new SightingFile(join(stateFolder(env, home), 'first-sights.json'), warn)
}

function isSight(value: unknown): value is Sight {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite)
}

function merged(own: ReadonlyMap<string, Sight>, others: ReadonlyMap<string, Sight>): Map<string, Sight> {
  const all = new Map(others)
  for (const [key, [first, last]] of own) {
    const [otherFirst, otherLast] = others.get(key) ?? [first, last]
    all.set(key, [Math.min(first, otherFirst), Math.max(last, otherLast)])
  }
  return all
}

function fileText(sights: ReadonlyMap<string, Sight>): string {
  const newest = Math.max(...[...sights.values()].map(([, last]) => last))
  const kept = [...sights]
    .filter(([, [, last]]) => newest - last <= FORGOTTEN_AFTER)
    .toSorted(([, a], [, b]) => b[1] - a[1])
    .slice(0, MOST_ENTRIES)
  return `${JSON.stringify({ sights: Object.fromEntries(kept) })}\n`
}
