import type { CredentialSource } from '../credential-source.ts'

/** Whether the order of a tag listing tells which tag is the newest. */
export type TagSortMode = 'latest-first' | 'latest-last' | 'none'

/** One entry of a registries.conf. */
export interface RegistryEntry {
  readonly name: string
  /** Scheme, host, port and perhaps a path, no trailing slash: `https://registry-1.docker.io`. */
  readonly apiUrl: string
  /** `host[:port][/path]` of the images that the entry is for; '' when it states none. */
  readonly prefix: string
  readonly credentials?: WrittenSource
  /** Milliseconds after which the credentials are fetched again. */
  readonly credentialsLifetime?: number
  readonly tagSortMode: TagSortMode
  /** The registry's certificate is not verified. */
  readonly insecure: boolean
  /** PEM file and PEM text with more certificate authorities. */
  readonly caFile?: string
  readonly caData?: string
  /** Put in front of names of a single part; '' for nothing. */
  readonly defaultNamespace: string
  /** Requests a second; absent: the file sets no limit. */
  readonly limit?: number
  /** Whether images that name no registry are meant. */
  readonly isDefault: boolean
  /** Where the entry begins, counted from 1; 0 for one that nobody wrote. */
  readonly line: number
}

/** A credential source and the text it was read from. */
export interface WrittenSource {
  readonly source: CredentialSource
  readonly text: string
}
