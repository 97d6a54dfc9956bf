import type { ImageReference } from '../../image/reference.ts'

type Version = Pick<ImageReference, 'tag' | 'digest'>

const DIGEST_DIGITS = 12

/** `tag@digest`, either alone, '' for neither or for nothing. */
export function versionText(image: Version | undefined): string {
  if (image === undefined) return ''
  return image.digest === '' || image.tag === '' ? image.tag || image.digest : `${image.tag}@${image.digest}`
}

/** What argocd-image-updater calls the tag of a change: the digest where there is one. */
export function tagOrDigest(image: Version | undefined): string {
  return image?.digest || image?.tag || ''
}

/** The new version in few characters: the tag, with the first digits of the digest where only that tells it apart. */
export function shortVersion(after: Version, before?: Version): string {
  const digits = after.digest.slice(after.digest.indexOf(':') + 1).slice(0, DIGEST_DIGITS)
  if (after.tag !== '' && (digits === '' || before?.tag !== after.tag)) return after.tag
  return after.tag === '' ? digits : `${after.tag}@${digits}`
}
