import {
  formatImageReference,
  type ImageReference,
  ImageReferenceError,
  parseImageReference,
} from './reference.ts'

/** One entry of an `image-list`: `[alias=]reference`. */
export interface ImageListEntry {
  /** '' when the entry has none. */
  readonly alias: string
  readonly image: ImageReference
}

/** Letters, digits, `.`, `_`, `-` and `/`; a leading `host:port/` is allowed because people use image names as aliases. */
const ALIAS = /^(?:[A-Za-z0-9][A-Za-z0-9.-]*:[0-9]{1,5}\/)?[A-Za-z0-9][A-Za-z0-9._/-]*$/

/**
 * Splits an entry at its first `=`, but only if what stands before is a legal alias (or blank): the `=`
 * of `repo:>=1.0` belongs to a constraint. Both sides come back trimmed and unread.
 */
export function splitImageListEntry(text: string): { alias: string; reference: string } {
  const equals = text.indexOf('=')
  const alias = text.slice(0, Math.max(equals, 0)).trim()
  if (equals < 0 || (alias !== '' && !ALIAS.test(alias))) return { alias: '', reference: text.trim() }
  return { alias, reference: text.slice(equals + 1).trim() }
}

/**
 * Reads `[alias=]reference`, where the tag of the reference may be a version constraint.
 *
 * @throws ImageReferenceError when the reference, or what should be an alias, is not well-formed.
 */
export function parseImageListEntry(text: string): ImageListEntry {
  const { alias, reference } = splitImageListEntry(text)
  if (reference === '') {
    throw new ImageReferenceError(
      `the image-list entry "${text.trim()}" names no image`,
      `Write ${alias || 'alias'}=registry/repository, or remove the entry`,
    )
  }
  const equals = reference.indexOf('=')
  if (alias === '' && equals > 0 && !reference.slice(0, equals).includes(':')) {
    throw new ImageReferenceError(
      `"${reference.slice(0, equals).trim()}" in the image-list entry "${text.trim()}" is not an alias`,
      'Write an alias of letters, digits, ".", "_" and "-", beginning with a letter or digit',
    )
  }
  return { alias, image: parseImageReference(reference) }
}

/** The entry as text: `alias=reference`, or the reference alone. */
export function formatImageListEntry(entry: ImageListEntry): string {
  const reference = formatImageReference(entry.image)
  return entry.alias === '' ? reference : `${entry.alias}=${reference}`
}
