import type { JsonPatchOperation } from '../../../application/json-patch.ts'
import { ObjectField } from '../../../application/object-field.ts'
import { formatImageReference } from '../../../image/reference.ts'
import { editScalars } from '../../../manifests/edit-scalars.ts'
import type { GitImageChange } from '../image-change.ts'
import {
  imageNameKey,
  type KustomizationImage,
  kustomizationImage,
  sameImageName,
} from './kustomization-image.ts'
import { textWithFirstKeys } from './new-text.ts'
import { onePerPlace } from './one-per-place.ts'
import { openMap } from './open-document.ts'
import { readingFields } from './reading-fields.ts'
import { TargetError } from './target-error.ts'
import { refusing } from './text-edit.ts'

const FIELDS = ['newName', 'newTag', 'digest'] as const

/**
 * The kustomization with the images in its `images`. Only what differs is written: an entry keeps its place
 * and the order of its fields, a new one comes last.
 *
 * @throws TargetError
 */
export function editKustomization(text: string, changes: readonly GitImageChange[], file: string): string {
  const wanted = changes.map((change) => ({ change, image: wantedImage(change) }))
  onePerPlace(
    wanted.map(({ change, image }) => ({
      place: imageNameKey(image.name),
      name: image.name,
      value: formatImageReference(change.after),
      alias: change.alias,
    })),
    file,
  )
  return wanted.reduce((current, { image }) => setKustomizationImage(current, image, file), text)
}

/** The kustomization with one image in it. @throws TargetError */
export function setKustomizationImage(text: string, wanted: KustomizationImage, file: string): string {
  const open = openMap(text, file)
  const operations = readingFields(file, () =>
    operationsFor(new ObjectField(file, open?.value ?? {}), wanted, file),
  )
  if (operations.length === 0) return text
  const first = textWithFirstKeys(text, { images: [{ ...wanted }] })
  return first ?? refusing(file, `images[${wanted.name}]`, () => editScalars(text, operations).text)
}

/** The image by the name that the base uses: the rule's `kustomize.image-name`, else the image's own. */
function wantedImage({ after, targets }: GitImageChange): KustomizationImage {
  const name = targets.kustomize?.name.trim() ?? ''
  return kustomizationImage(`${name === '' ? '' : `${name}=`}${formatImageReference(after)}`)
}

function operationsFor(
  root: ObjectField,
  wanted: KustomizationImage,
  file: string,
): readonly JsonPatchOperation[] {
  const images = root.member('images')
  const entries = images.items()
  const named = entries.filter((entry) => sameImageName(entry.member('name').text(), wanted.name))
  // Without a name for the base's image, an entry that puts this image in another one's place is meant too.
  const renamed = entries.filter((entry) => sameImageName(entry.member('newName').text(), wanted.name))
  const chosen = named.length > 0 || wanted.newName !== undefined ? named : renamed
  if (chosen.length > 0)
    return chosen.flatMap((entry) => entryOperations(entry, wanted, chosen === renamed, file))
  if (images.value === undefined) return [{ op: 'add', path: '/images', value: [{ ...wanted }] }]
  return [{ op: 'add', path: '/images/-', value: { ...wanted } }]
}

function entryOperations(
  entry: ObjectField,
  wanted: KustomizationImage,
  isRenamed: boolean,
  file: string,
): readonly JsonPatchOperation[] {
  const current = entry.member('newName').text()
  if (current !== '' && wanted.newName === undefined && !isRenamed && !sameImageName(current, wanted.name)) {
    throw new TargetError({
      code: 'edit-refused',
      file,
      place: entry.path,
      why: `${wanted.name} is replaced by ${current} there, whose tags are others`,
      instead: `Follow ${current} in the rule, with kustomize.image-name ${wanted.name}`,
    })
  }
  const keepsName = wanted.newName === undefined || sameImageName(current, wanted.newName)
  return FIELDS.flatMap((name): JsonPatchOperation[] => {
    if (name === 'newName' && keepsName) return []
    const field = entry.member(name)
    const value = wanted[name]
    if (field.value === value) return []
    // A tag without the digest of before: otherwise that would go on to decide.
    const isStated = wanted.newTag !== undefined || wanted.digest !== undefined
    if (value === undefined) return isStated ? [{ op: 'remove', path: field.pointer }] : []
    return [{ op: field.value === undefined ? 'add' : 'replace', path: field.pointer, value }]
  })
}
