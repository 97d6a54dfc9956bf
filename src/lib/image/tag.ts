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
