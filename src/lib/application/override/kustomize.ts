import {
  canonicalRepository,
  formatImageReference,
  type ImageReference,
  parseImageReference,
  repositoryName,
} from '../../image/reference.ts'
import type { ObjectField } from '../object-field.ts'
import { NOT_WRITTEN, type WrittenImage } from './written-image.ts'

/** The image that `kustomize.images` of a source declares, as its whole entry. @throws MalformedFieldError */
export function readKustomizeImage(source: ObjectField, image: ImageReference, original = ''): WrittenImage {
  const images = source.member('kustomize').member('images')
  const entries = images.items().map((entry) => entry.text())
  const [index] = positionsOf(entries, image, original)
  if (index === undefined) return NOT_WRITTEN
  return { text: entries[index] ?? '', tag: '', field: `${images.path}[${index}]` }
}

/**
 * The source with the image in its `kustomize.images`.
 *
 * `original` is the name that the base uses, where the rule gives one; the entry is then written as
 * `original=image`. Without it the entry's own left side is kept, since `kustomize` finds the containers
 * to change by that name.
 *
 * @throws MalformedFieldError naming the field that has the wrong shape.
 */
export function setKustomizeImage(source: ObjectField, image: ImageReference, original = ''): ObjectField {
  const kustomize = source.member('kustomize')
  const entries = kustomize
    .member('images')
    .items()
    .map((entry) => entry.text())
  const wanted = formatImageReference(image)
  const positions = positionsOf(entries, image, original)
  const images =
    positions.length === 0
      ? mergeKustomizeImage(entries, joinEntry(original, wanted))
      : entries.map((entry, index) =>
          positions.includes(index) ? joinEntry(original || splitEntry(entry).original, wanted) : entry,
        )
  return source.withMember('kustomize', { ...kustomize.members(), images })
}

/** The reference that an entry of `kustomize.images` sets: what is right of the `=`, or all of it. */
export function kustomizeReference(entry: string): string {
  return splitEntry(entry).reference
}

/** The list with the entry in it: in the place of entries for the same image, else at the end. */
export function mergeKustomizeImage(entries: readonly string[], wanted: string): readonly string[] {
  if (findKustomizeImage(entries, wanted) < 0) return [...entries, wanted]
  return entries.map((entry) => (sameKustomizeImage(entry, wanted) ? wanted : entry))
}

/** The place of the first entry for the same image as `wanted`, -1 when there is none. */
export function findKustomizeImage(entries: readonly string[], wanted: string): number {
  return entries.findIndex((entry) => sameKustomizeImage(entry, wanted))
}

/**
 * Whether two entries override the same image: both name the same original, or both name none and are for
 * the same repository. Names are compared whole, registry and port included, so that neither two images
 * of `registry:5000` nor the same name on two registries are mixed up.
 */
export function sameKustomizeImage(a: string, b: string): boolean {
  const [left, right] = [splitEntry(a), splitEntry(b)]
  if (left.original !== right.original) return false
  return left.original !== '' || nameOf(left.reference) === nameOf(right.reference)
}

/**
 * Which entries are for this image. With an original: those for that original; failing that, plain ones for
 * the same repository or called like the original. Without: plain ones for the repository; failing that,
 * those that put this repository in the place of an original.
 */
function positionsOf(entries: readonly string[], image: ImageReference, original: string): readonly number[] {
  const wanted = joinEntry(original, formatImageReference(image))
  const repository = nameOf(repositoryName(image))
  const same = entries.map((entry) => sameKustomizeImage(entry, wanted))
  const related = entries.map((entry) => {
    const { original: replaced, reference } = splitEntry(entry)
    const name = nameOf(reference)
    if (original === '') return name === repository
    return replaced === '' && (name === repository || name === nameOf(original))
  })
  return indexesOf(same.includes(true) ? same : related)
}

function indexesOf(hits: readonly boolean[]): readonly number[] {
  return hits.flatMap((hit, index) => (hit ? [index] : []))
}

function splitEntry(entry: string): { readonly original: string; readonly reference: string } {
  const equals = entry.indexOf('=')
  if (equals < 0) return { original: '', reference: entry }
  return { original: entry.slice(0, equals), reference: entry.slice(equals + 1) }
}

function joinEntry(original: string, reference: string): string {
  return original === '' ? reference : `${original}=${reference}`
}

/** The name without tag and digest, in the one spelling by which names are compared. */
function nameOf(reference: string): string {
  const [beforeDigest = ''] = reference.split('@', 1)
  const colon = beforeDigest.indexOf(':', beforeDigest.lastIndexOf('/') + 1)
  const name = colon < 0 ? beforeDigest : beforeDigest.slice(0, colon)
  try {
    return canonicalRepository(parseImageReference(name))
  } catch {
    // `*` and other text that only kustomize understands: equal to nothing but itself.
    return name
  }
}
