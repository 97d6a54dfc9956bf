import { UserError } from '../../errors.ts'
import { type ImageReference, sameRepository, withTag } from '../../image/reference.ts'
import type { Application } from '../application.ts'
import { readImageText } from '../image-text.ts'
import type { ObjectField } from '../object-field.ts'
import { type ChosenSource, chooseSource } from '../source-choice.ts'
import type { WriteBackPlace } from '../source-type.ts'
import { readHelmImage, setHelmImage } from './helm.ts'
import { kustomizeReference, readKustomizeImage, setKustomizeImage } from './kustomize.ts'
import { type OverridePatch, overridePatch } from './patch.ts'
import { readPluginImage, setPluginImage } from './plugin.ts'
import type { OverrideTargets } from './targets.ts'
import { NOT_WRITTEN, type WrittenImage } from './written-image.ts'

/** Nothing in the Application can override an image of this source. */
export class UnsupportedSourceError extends UserError {}

/** An image to put into an Application, and where the rule wants it. */
export interface ImageOverride {
  readonly image: ImageReference
  readonly targets: OverrideTargets
  readonly writeBack?: WriteBackPlace
}

/** The image that an Application itself declares for a rule. */
export interface DeclaredImage extends WrittenImage {
  /** The text as a reference; absent when nothing is declared or the text is none. */
  readonly image?: ImageReference
}

/**
 * The patch that puts images into an Application, one or several at once, each into the source that takes
 * it. A declared image's own spelling of the repository (`docker.io/org/app` or `org/app`) is kept.
 *
 * @throws UnsupportedSourceError where nothing in the Application can override the image.
 * @throws PluginTargetError where a plugin renders the source and the rule names no variable.
 * @throws MalformedFieldError naming the field that has the wrong shape.
 */
export function planOverride(application: Application, overrides: readonly ImageOverride[]): OverridePatch {
  const sources = new Map<string, { readonly before: ObjectField; readonly after: ObjectField }>()
  for (const override of overrides) {
    const chosen = chooseSource(application, override.writeBack, override.targets)
    const { before, after } = sources.get(chosen.field.pointer) ?? {
      before: chosen.field,
      after: chosen.field,
    }
    const current = { ...chosen, field: after }
    const image = inDeclaredSpelling(current, override)
    sources.set(before.pointer, { before, after: setImage(current, image, override.targets) })
  }
  const patches = [...sources.values()].map(({ before, after }) => overridePatch(before, after))
  return {
    operations: patches.flatMap(({ operations }) => operations),
    fields: patches.flatMap(({ fields }) => fields),
  }
}

/** The source with the image in it, exactly as spelt. Throws as {@link planOverride} does. */
export function setImage(source: ChosenSource, image: ImageReference, targets: OverrideTargets): ObjectField {
  if (source.field.value === undefined) {
    throw new UnsupportedSourceError(
      `${source.field.owner} has no ${source.field.path}`,
      'Give the Application a source, or take it out of the selection',
    )
  }
  switch (source.overrideType) {
    case 'Helm':
      return setHelmImage(source.field, image, targets.helm)
    case 'Kustomize':
      return setKustomizeImage(source.field, image, targets.kustomize?.name)
    case 'Plugin':
      return setPluginImage(source.field, image, targets.plugin)
    case 'Unsupported':
      throw unsupported(source)
  }
}

/**
 * What the source declares for `image` (its tag does not matter), as written.
 *
 * @throws MalformedFieldError naming the field that has the wrong shape.
 */
export function writtenImage(
  source: ChosenSource,
  image: ImageReference,
  targets: OverrideTargets,
): WrittenImage {
  switch (source.overrideType) {
    case 'Helm':
      return readHelmImage(source.field, targets.helm)
    case 'Kustomize':
      return readKustomizeImage(source.field, image, targets.kustomize?.name)
    case 'Plugin':
      return readPluginImage(source.field, targets.plugin)
    case 'Unsupported':
      return NOT_WRITTEN
  }
}

/** As {@link writtenImage}, and read as a reference. A declared tag alone belongs to the rule's own repository. */
export function declaredImage(
  source: ChosenSource,
  image: ImageReference,
  targets: OverrideTargets,
): DeclaredImage {
  const written = writtenImage(source, image, targets)
  const reference = readReference(source, image, written)
  return reference === undefined ? written : { ...written, image: reference }
}

function readReference(
  source: ChosenSource,
  image: ImageReference,
  written: WrittenImage,
): ImageReference | undefined {
  const text = source.overrideType === 'Kustomize' ? kustomizeReference(written.text) : written.text
  // Templates such as `${IMAGE}` are legal there and no reference; the written text tells the person.
  if (text !== '') return readImageText(text)
  if (written.tag === '') return undefined
  const [tag = '', digest = ''] = written.tag.split('@')
  return withTag(image, tag, digest)
}

function inDeclaredSpelling(source: ChosenSource, { image, targets }: ImageOverride): ImageReference {
  const declared = declaredImage(source, image, targets).image
  return declared !== undefined && sameRepository(declared, image)
    ? withTag(declared, image.tag, image.digest)
    : image
}

function unsupported({ field, sourceType, reason }: ChosenSource): UnsupportedSourceError {
  if (sourceType === '') {
    return new UnsupportedSourceError(
      `${field.owner}: it is not known yet how Argo CD renders ${field.path || 'its source'} (${reason})`,
      'Wait until Argo CD has compared the Application once',
    )
  }
  return new UnsupportedSourceError(
    `${field.owner}: ${field.path} holds plain manifests (${reason}), whose images no field of an Application can override`,
    'Change the image in the manifests, or use write-back-method: restart for a tag that moves in place',
  )
}
