import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { isGeneratedArtifact, isTag } from '../image/tag.ts'
import { KeptDocuments } from './kept-documents.ts'

/** Of one repository. */
const MOST_TAGS = 1000
const LIMITS = { bytes: 256 * 1024, files: 2000 }

interface Tag {
  readonly tag: string
  readonly pushedAt?: Date
}

/**
 * The tags that listings of repositories had, in the cache folder, for who completes words and may ask nobody.
 * Repositories by their canonical name. A listing that is as it was writes nothing.
 */
export class ListedTags {
  readonly #documents: KeptDocuments
  readonly #latest = new Map<string, string>()

  constructor(cacheFolder: string) {
    this.#documents = new KeptDocuments(join(cacheFolder, 'tags'), LIMITS)
  }

  async remember(repository: string, tags: readonly Tag[]): Promise<void> {
    const listing = fingerprint(tags)
    if (this.#latest.get(repository) === listing) return
    this.#latest.set(repository, listing)
    const known = (await this.#documents.read(repository)) as { readonly listing?: unknown } | undefined
    if (known?.listing === listing) return
    await this.#documents.write(repository, { listing, tags: newestFirst(tags).slice(0, MOST_TAGS) })
  }

  /** The newest first, as far as can be told. */
  async tagsOf(repository: string): Promise<string[]> {
    const known = (await this.#documents.read(repository)) as { readonly tags?: unknown } | undefined
    const tags = Array.isArray(known?.tags) ? known.tags.slice(0, MOST_TAGS) : []
    return tags.filter((tag): tag is string => typeof tag === 'string' && isTag(tag))
  }

  /** Canonical names; what they look like is whatever the names of the files say. */
  repositories(): Promise<string[]> {
    return this.#documents.keys()
  }
}

function fingerprint(tags: readonly Tag[]): string {
  const text = tags.map(({ tag, pushedAt }) => `${tag} ${pushedAt?.getTime() ?? ''}`).join('\n')
  return createHash('sha256').update(text).digest('hex')
}

/** Images by push time where it is told, else by the numbers in the names, those that begin like a version first. */
function newestFirst(tags: readonly Tag[]): string[] {
  const images = tags.filter(({ tag }) => !isGeneratedArtifact(tag))
  const keyed = images.map(({ tag, pushedAt }) => ({
    tag,
    time: pushedAt?.getTime() ?? 0,
    text: orderKey(tag),
  }))
  keyed.sort((a, b) => b.time - a.time || (a.text < b.text ? 1 : a.text > b.text ? -1 : 0))
  return keyed.map(({ tag }) => tag)
}

/** Numbers of one length compare as text; the end counts more than `-`, so 1.2.0 comes before 1.2.0-rc1. */
function orderKey(tag: string): string {
  const numbers = tag.replace(/\d+/g, (digits) => digits.padStart(14, '0'))
  return `${/^v?\d/.test(tag) ? '1' : '0'}${numbers.replace(/^v(?=\d)/, '')}~`
}
