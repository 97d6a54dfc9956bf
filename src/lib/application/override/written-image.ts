import { formatImageReference, type ImageReference, repositoryName } from '../../image/reference.ts'
import type { ObjectField } from '../object-field.ts'
import { findNamedEntry, type NamedEntry } from './named-entries.ts'

/** An image as a source declares it. */
export interface WrittenImage {
  /** The whole as text, `registry/repository:tag`; '' where the source declares only part of it, or none. */
  readonly text: string
  /** The tag alone, `1.2` or `1.2@sha256:…`, where only the tag is declared. */
  readonly tag: string
  /** `spec.source.helm.parameters[image.tag]`; '' when nothing is declared. */
  readonly field: string
}

export const NOT_WRITTEN: WrittenImage = { text: '', tag: '', field: '' }

/** The entries that take an image, '' where there is none; `spec` takes the whole reference and overrules the others. */
export interface EntryNames {
  readonly spec: string
  readonly name: string
  readonly tag: string
}

/**
 * What to write into the tag's place: `tag`, `tag@digest`, or `latest@digest` for an image known by digest
 * alone, since a chart joins name and tag with a colon. '' when there is neither.
 */
export function tagValue(image: ImageReference): string {
  if (image.digest === '') return image.tag
  return `${image.tag || 'latest'}@${image.digest}`
}

/** The image as name and value of each entry. An image without tag leaves the tag's entry alone. */
export function namedValues(image: ImageReference, names: EntryNames): readonly NamedEntry[] {
  if (names.spec !== '') return [{ name: names.spec, value: formatImageReference(image) }]
  const values = [
    { name: names.name, value: repositoryName(image) },
    { name: names.tag, value: tagValue(image) },
  ]
  return values.filter(({ name, value }) => name !== '' && value !== '')
}

/** Reads back what {@link namedValues} writes. @throws MalformedFieldError when an entry has the wrong shape. */
export function readNamedValues(list: ObjectField, names: EntryNames): WrittenImage {
  const [spec, name, tag] = [names.spec, names.name, names.tag].map((entry) => readValue(list, entry))
  if (names.spec !== '')
    return spec ? { text: spec, tag: '', field: `${list.path}[${names.spec}]` } : NOT_WRITTEN
  if (!tag) return NOT_WRITTEN
  return { text: name ? `${name}:${tag}` : '', tag, field: `${list.path}[${names.tag}]` }
}

function readValue(list: ObjectField, name: string): string {
  return name === '' ? '' : (findNamedEntry(list, name)?.member('value').text() ?? '')
}
