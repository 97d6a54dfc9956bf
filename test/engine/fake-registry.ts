import { type Platform, parsePlatform } from '../../src/lib/image/platform.ts'
import { type ImageReference, repositoryName } from '../../src/lib/image/reference.ts'
import type { ImageDescription, RegistryAccess } from '../../src/lib/registry/registry.ts'
import { RegistryError, type RegistryErrorKind } from '../../src/lib/registry/registry-error.ts'

/** A tag as the fake offers it. */
export interface FakeTag {
  readonly digest?: string
  /** Told with the listing, as ECR does. */
  readonly pushedAt?: string
  readonly createdAt?: string
  readonly platforms?: readonly string[]
  readonly manifests?: readonly string[]
  /** The manifest cannot be read. */
  readonly broken?: boolean
}

/** Registries held in memory: what they offer can be changed at any time, and every question is noted. */
export class FakeRegistry implements RegistryAccess {
  /** By repository, then by tag. */
  readonly repositories = new Map<string, Record<string, FakeTag>>()
  /** `list org/app`, `digest org/app:1.0`, `describe org/app:1.0`, in order. */
  readonly asked: string[] = []
  readonly requests: ReadonlyMap<string, number> = new Map()

  constructor(repositories: Readonly<Record<string, Record<string, FakeTag>>> = {}) {
    for (const [name, tags] of Object.entries(repositories)) this.repositories.set(name, tags)
  }

  async listTags(image: ImageReference) {
    this.asked.push(`list ${repositoryName(image)}`)
    const tags = Object.entries(this.#tags(image)).map(([tag, { pushedAt }]) => ({
      tag,
      ...(pushedAt !== undefined && { pushedAt: new Date(pushedAt) }),
    }))
    return { credential: 'anonymous', tags, via: 'a fake' }
  }

  async resolveDigest(image: ImageReference, tag: string): Promise<string> {
    this.asked.push(`digest ${repositoryName(image)}:${tag}`)
    return this.#digest(image, tag)
  }

  async describe(
    image: ImageReference,
    tagOrDigest: string,
    _platforms: readonly Platform[],
  ): Promise<ImageDescription> {
    const separator = tagOrDigest.includes(':') ? '@' : ':'
    this.asked.push(`describe ${repositoryName(image)}${separator}${tagOrDigest}`)
    const tags = Object.entries(this.#tags(image))
    const found = tags.find(([tag, { digest }]) => tag === tagOrDigest || digest === tagOrDigest)
    if (!found) throw refusal('not-found', image, `no manifest ${tagOrDigest}`)
    const [tag, { createdAt, platforms = [], manifests = [], broken }] = found
    if (broken) throw refusal('malformed', image, `the manifest of ${tag} is broken`)
    return {
      digest: this.#digest(image, tag),
      manifests,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      platforms: platforms.map(parsePlatform),
      ...(createdAt !== undefined && { createdAt: new Date(createdAt) }),
    }
  }

  newCycle(): void {}

  async close(): Promise<void> {}

  #tags(image: ImageReference): Record<string, FakeTag> {
    const tags = this.repositories.get(repositoryName(image))
    if (!tags) throw refusal('not-found', image, 'no such repository')
    return tags
  }

  #digest(image: ImageReference, tag: string): string {
    return this.#tags(image)[tag]?.digest ?? digestOf(tag)
  }
}

/** A digest with a face: 64 times the hexadecimal digits of the name. */
export function digestOf(name: string): string {
  const digits = Buffer.from(name || '-').toString('hex')
  return `sha256:${digits.repeat(64).slice(0, 64)}`
}

function refusal(
  kind: RegistryErrorKind,
  { registry, repository }: ImageReference,
  what: string,
): RegistryError {
  return new RegistryError(kind, { action: 'read it', registry: registry || 'docker.io', repository }, what)
}
