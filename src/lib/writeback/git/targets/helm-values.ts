import { readImageText } from '../../../application/image-text.ts'
import { pointerStep } from '../../../application/json-patch.ts'
import { helmParameterNames } from '../../../application/override/helm.ts'
import { tagValue } from '../../../application/override/written-image.ts'
import {
  formatImageReference,
  type ImageReference,
  repositoryName,
  sameRepository,
  withTag,
} from '../../../image/reference.ts'
import { editScalars } from '../../../manifests/edit-scalars.ts'
import type { GitImageChange } from '../image-change.ts'
import { textWithFirstKeys } from './new-text.ts'
import { onePerPlace } from './one-per-place.ts'
import { type OpenDocument, openMap } from './open-document.ts'
import { refusing, replaceScalars } from './text-edit.ts'
import { placeToWrite } from './values-place.ts'

/** A text that is to stand at a key of a values file. */
export interface ValuesWrite {
  readonly key: string
  readonly value: string
}

const HEADER = '# Values that kubectl image-updater keeps up to date.\n'

/**
 * The values file with the images in it.
 *
 * @param text undefined when there is no file yet: then it is begun
 * @throws TargetError
 */
export function editHelmValues(
  text: string | undefined,
  changes: readonly GitImageChange[],
  file: string,
): string {
  const open = text === undefined ? undefined : openMap(text, file)
  const writes = changes.flatMap((change) =>
    writesFor(change, open, text ?? '', file).map((write) => ({ ...write, change })),
  )
  const places = writes.map(({ key, value, change }) => ({ place: key, value, alias: change.alias }))
  return setValues(
    text ?? HEADER,
    onePerPlace(places, file).map(({ place, value }) => ({ key: place, value })),
    file,
  )
}

/**
 * A values file with texts at their keys. Keys that are there change in place, the others are added with the
 * maps on the way, in the order given.
 *
 * @throws TargetError
 */
export function setValues(text: string, writes: readonly ValuesWrite[], file: string): string {
  const open = openMap(text, file)
  const places = writes.map((write) => ({ ...write, at: placeToWrite(open, text, write.key, file) }))
  const present = places.flatMap(({ at, key, value }) =>
    at.kind === 'scalar' ? [{ place: at.node, name: key, value, alias: '' }] : [],
  )
  // Two keys may share one scalar, of which the one wants to keep what the other changes.
  const edits = onePerPlace(present, file)
    .filter(({ place, value }) => place.value !== value)
    .map(({ place, name = '', value }) => ({ node: place, place: name, value }))
  const replaced = open && edits.length > 0 ? replaceScalars(text, [open], edits, file) : text
  return addKeys(
    replaced,
    places.filter(({ at }) => at.kind === 'missing'),
    file,
  )
}

/** Tag before name, as argocd-image-updater writes them. */
function writesFor(
  change: GitImageChange,
  open: OpenDocument | undefined,
  text: string,
  file: string,
): readonly ValuesWrite[] {
  const { after, targets } = change
  const names = helmParameterNames(targets.helm)
  const current = (key: string) => currentText(open, text, key, file)
  if (names.spec !== '') {
    const image = inSpellingOf(current(names.spec), after)
    return [{ key: names.spec, value: formatImageReference(image) }]
  }
  const tag = { key: names.tag, value: tagValue(after) }
  const name = { key: names.name, value: repositoryName(inSpellingOf(current(names.name), after)) }
  // A chart need not know `image.name`: it is begun only where the rule names it.
  const hasName = targets.helm?.name !== undefined || current(names.name) !== undefined
  return [tag, ...(hasName ? [name] : [])].filter(({ value }) => value !== '')
}

function currentText(
  open: OpenDocument | undefined,
  text: string,
  key: string,
  file: string,
): string | undefined {
  const at = placeToWrite(open, text, key, file)
  return at.kind === 'scalar' ? String(at.node.value ?? '') : undefined
}

/** `org/app` stays so, where a chart adds the registry itself; so does every spelling of the same repository. */
function inSpellingOf(current: string | undefined, after: ImageReference): ImageReference {
  const written = current ? readImageText(current) : undefined
  const isShort = written?.registry === '' && written.repository === after.repository
  if (!written || !(isShort || sameRepository(written, after))) return after
  return withTag(written, after.tag, after.digest)
}

function addKeys(text: string, writes: readonly ValuesWrite[], file: string): string {
  return writes.reduce((current, write) => addKey(current, write, file), text)
}

function addKey(text: string, { key, value }: ValuesWrite, file: string): string {
  const open = openMap(text, file)
  const at = placeToWrite(open, text, key, file)
  // An earlier key of the same writes may have brought it along.
  if (at.kind !== 'missing') return text
  const [name = '', ...rest] = at.rest
  const first = textWithFirstKeys(text, { [name]: nested(rest, value) })
  if (first !== undefined) return first
  const path = [...at.existing, name].map((step) => `/${pointerStep(step)}`).join('')
  const operation = { op: 'add', path, value: nested(rest, value) } as const
  return refusing(file, key, () => editScalars(text, [operation]).text)
}

function nested(names: readonly string[], value: string): unknown {
  return names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value)
}
