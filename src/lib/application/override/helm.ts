import type { ImageReference } from '../../image/reference.ts'
import type { ObjectField } from '../object-field.ts'
import { mergeNamedEntries } from './named-entries.ts'
import type { HelmTargets } from './targets.ts'
import { type EntryNames, namedValues, readNamedValues, type WrittenImage } from './written-image.ts'

/**
 * The Helm parameters that take an image: `image.name` and `image.tag` unless the rule names others. A
 * parameter for the whole reference overrules both.
 */
export function helmParameterNames(targets: HelmTargets = {}): EntryNames {
  const spec = targets.spec?.trim() ?? ''
  if (spec !== '') return { spec, name: '', tag: '' }
  return { spec, name: targets.name?.trim() || 'image.name', tag: targets.tag?.trim() || 'image.tag' }
}

/** The image that `helm.parameters` of a source declares. @throws MalformedFieldError */
export function readHelmImage(source: ObjectField, targets?: HelmTargets): WrittenImage {
  return readNamedValues(source.member('helm').member('parameters'), helmParameterNames(targets))
}

/**
 * The source with the image in its `helm.parameters`. Every parameter is written with `forceString`, since
 * Helm would make a number of a tag such as `20240101`.
 *
 * @throws MalformedFieldError naming the field that has the wrong shape.
 */
export function setHelmImage(source: ObjectField, image: ImageReference, targets?: HelmTargets): ObjectField {
  const helm = source.member('helm')
  const wanted = namedValues(image, helmParameterNames(targets))
  const forced = wanted.map((parameter) => ({ ...parameter, forceString: true }))
  const parameters = mergeNamedEntries(helm.member('parameters'), forced)
  return source.withMember('helm', { ...helm.members(), parameters })
}
