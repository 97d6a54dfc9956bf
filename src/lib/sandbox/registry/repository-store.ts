import { type BuiltImage, type Content, digestOf } from './image-builder.ts'

/** One repository's blobs, manifests and tags, in memory. */
export interface Repository {
  readonly blobs: Map<string, Buffer>
  readonly manifests: Map<string, Content>
  /** tag → digest */
  readonly tags: Map<string, string>
}

/** All repositories of a registry. */
export class RepositoryStore {
  readonly #repositories = new Map<string, Repository>()

  find(name: string): Repository | undefined {
    return this.#repositories.get(name)
  }

  /** The repository, made on first use as registries do on push. */
  open(name: string): Repository {
    const found = this.#repositories.get(name)
    if (found) return found
    const fresh: Repository = { blobs: new Map(), manifests: new Map(), tags: new Map() }
    this.#repositories.set(name, fresh)
    return fresh
  }

  /** The manifest a tag or digest names. */
  manifest(name: string, reference: string): Content | undefined {
    const repository = this.#repositories.get(name)
    return repository?.manifests.get(repository.tags.get(reference) ?? reference)
  }

  /** Stores a manifest under its digest and, unless `reference` is one, under that tag. */
  putManifest(name: string, reference: string, mediaType: string, bytes: Buffer): Content {
    const repository = this.open(name)
    const content = { mediaType, bytes, digest: digestOf(bytes) }
    repository.manifests.set(content.digest, content)
    if (!reference.includes(':')) repository.tags.set(reference, content.digest)
    return content
  }

  /** Stores an image with all its parts and points the tag at it. */
  push(name: string, tag: string, image: BuiltImage): void {
    const repository = this.open(name)
    for (const blob of image.blobs) repository.blobs.set(blob.digest, blob.bytes)
    for (const manifest of [...image.manifests, image.root])
      repository.manifests.set(manifest.digest, manifest)
    repository.tags.set(tag, image.root.digest)
  }

  /** Sorted as the distribution specification asks. */
  tags(name: string): string[] | undefined {
    const repository = this.#repositories.get(name)
    return repository && [...repository.tags.keys()].sort()
  }
}
