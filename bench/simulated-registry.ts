import { createHash } from 'node:crypto'
import type { ImageReference } from '../src/lib/image/reference.ts'
import type { ImageDescription, RegistryAccess, TagListing } from '../src/lib/registry/registry.ts'

/** Builds of a repository that are kept; it begins with so many, so that what is listed does not grow. */
const KEPT = 30
/** The tag that moves with each build. */
export const MOVING_TAG = 'production'

/** A registry in memory whose repositories get new builds: `1.37.0` comes after `1.36.0`, and `production` moves to it. */
export class SimulatedRegistry implements RegistryAccess {
  readonly requests: ReadonlyMap<string, number> = new Map()
  readonly #builds = new Map<string, number>()

  /** One more build of a repository; the oldest goes. */
  build(repository: string): void {
    this.#builds.set(repository, this.#newest(repository) + 1)
  }

  async listTags({ repository }: ImageReference): Promise<TagListing> {
    const newest = this.#newest(repository)
    const versions = Array.from({ length: KEPT }, (_, age) => `1.${newest - age}.0`)
    const tags = [...versions, MOVING_TAG].map((tag) => ({ tag }))
    return { credential: 'anonymous', tags, via: 'simulated' }
  }

  async resolveDigest({ repository }: ImageReference, tag: string): Promise<string> {
    return this.#digest(repository, tag)
  }

  async describe({ repository }: ImageReference, tagOrDigest: string): Promise<ImageDescription> {
    return {
      digest: tagOrDigest.includes(':') ? tagOrDigest : this.#digest(repository, tagOrDigest),
      manifests: [],
      mediaType: 'application/vnd.oci.image.index.v1+json',
      platforms: [{ architecture: 'amd64', os: 'linux', variant: '' }],
    }
  }

  newCycle(): void {}

  async close(): Promise<void> {}

  #newest(repository: string): number {
    return this.#builds.get(repository) ?? KEPT
  }

  #digest(repository: string, tag: string): string {
    const build = tag === MOVING_TAG ? `1.${this.#newest(repository)}.0` : tag
    return `sha256:${createHash('sha256').update(`${repository}:${build}`).digest('hex')}`
  }
}
