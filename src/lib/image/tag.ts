/** A tag with the digest it is known to name; '' when that is not known. */
export interface ImageTag {
  readonly name: string
  readonly digest: string
}

/**
 * Whether both are the same version: by digest as soon as one side has a digest (an unknown digest
 * equals none), by name otherwise.
 */
export function tagsEqual(a: ImageTag, b: ImageTag): boolean {
  return a.digest !== '' || b.digest !== '' ? a.digest === b.digest : a.name === b.name
}

const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

/** Whether this is a tag by the Distribution specification's grammar. */
export function isTag(text: string): boolean {
  return TAG.test(text)
}

const GENERATED_ARTIFACT = /^sha256-(?:[0-9a-f]+\.(?:sig|att|sbom)|[0-9a-f]{64})$/

/** Signatures, attestations, SBOMs (cosign) and OCI referrers tags: never an image someone runs. */
export function isGeneratedArtifact(tag: string): boolean {
  return GENERATED_ARTIFACT.test(tag)
}
