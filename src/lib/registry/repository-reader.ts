import type { ContentReader } from './describe.ts'
import type { TagListing } from './registry.ts'

/** One repository, whatever API stands behind it; remembers nothing. All methods throw RegistryError. */
export interface RepositoryReader extends ContentReader {
  listTags(): Promise<TagListing>
  /** The digest a tag names now; a digest resolves to itself if the repository has it. */
  resolve(reference: string): Promise<string>
}
