import type { ContentReader } from './describe.ts'
import type { TagListing } from './registry.ts'

/** One repository, whatever API stands behind it; remembers nothing. All methods throw RegistryError. */
export interface RepositoryReader extends ContentReader {
  listTags(): Promise<TagListing>
  /** The digest a tag names now; a digest resolves to itself if the repository has it. */
  resolve(reference: string): Promise<string>
  /**
   * The manifest a tag names now, in one request instead of `resolve` and `manifest`. Absent where that is
   * no gain: the digest is listed anyway, or reading a manifest counts as a pull.
   */
  readonly manifestOf?: (tag: string) => Promise<NamedManifest>
}

/** A manifest and the digest that was computed from it. */
export interface NamedManifest {
  readonly digest: string
  readonly content: Buffer
}
