import type { Platform } from '../image/platform.ts'
import type { ImageReference } from '../image/reference.ts'
import type { CredentialLookup } from './credentials/credential.ts'

/** One tag of a listing; digest and push time only where the registry's listing carries them. */
export interface ListedTag {
  readonly tag: string
  readonly digest?: string
  readonly pushedAt?: Date
}

/** All tags of a repository, as one listing saw them. */
export interface TagListing {
  readonly tags: readonly ListedTag[]
  /** How the answer was found, for people: `ECR DescribeImages, AWS profile prod` or `registry v2, anonymous`. */
  readonly via: string
  /** Where the credential came from (never its value): `anonymous`, `~/.docker/config.json`, `AWS default chain`. */
  readonly credential: string
  /** How many names were left out because they do not fit the tag grammar; absent when none. */
  readonly unusable?: number
  /** That the order of the tags is the order in which they were made, where the operator says so. */
  readonly order?: 'latest-first' | 'latest-last'
}

/** What one tag or digest resolves to. */
export interface ImageDescription {
  /** Of the manifest or index that the tag names. */
  readonly digest: string
  readonly mediaType: string
  /** Publisher's build date: newest among the platforms asked for; absent when none is stated. */
  readonly createdAt?: Date
  /** Labels of its configuration, of any shape: for an index those of the first platform asked for. */
  readonly labels?: unknown
  /** Every platform the image offers. */
  readonly platforms: readonly Platform[]
  /** For an index, the digests of its manifests: a node may report any of these as what it runs. */
  readonly manifests: readonly string[]
}

/** With whose credential a repository is asked, where it is not the operator's own login. */
export interface RegistryScope {
  /** The credential's source in words, `pullsecret argocd/regcred`; what has the same key shares work. */
  readonly key: string
  /**
   * Undefined for a repository that the credential does not belong to, which is then asked with the
   * operator's own login. What it throws fails the request.
   */
  readonly credentials: CredentialLookup
}

/**
 * The one door to every registry. Implementations share work: one listing per repository and credential
 * until {@link RegistryAccess.newCycle}, requests for one digest once for ever.
 */
export interface RegistryAccess {
  /** All tags of the repository that `image` names (its tag and digest are ignored). */
  listTags(image: ImageReference, scope?: RegistryScope): Promise<TagListing>
  /** The digest a tag names now (a HEAD, or nothing where the listing already told). */
  resolveDigest(image: ImageReference, tag: string, scope?: RegistryScope): Promise<string>
  /** Manifest and configuration of a tag or `sha256:…` digest. `platforms` limits whose dates are read. */
  describe(
    image: ImageReference,
    tagOrDigest: string,
    platforms: readonly Platform[],
    scope?: RegistryScope,
  ): Promise<ImageDescription>
  /** Forget what can change (listings, tag→digest); keep what cannot. */
  newCycle(): void
  /** HTTP and SDK requests sent since the start, by host. */
  readonly requests: ReadonlyMap<string, number>
  /** Close kept connections. */
  close(): Promise<void>
}
