import type { JsonPatchOperation } from '../../../application/json-patch.ts'
import { ObjectField } from '../../../application/object-field.ts'
import { helmParameterNames } from '../../../application/override/helm.ts'
import { setKustomizeImage } from '../../../application/override/kustomize.ts'
import { sortNamedEntries } from '../../../application/override/named-entries.ts'
import { overridePatch } from '../../../application/override/patch.ts'
import { setPluginImage } from '../../../application/override/plugin.ts'
import { namedValues } from '../../../application/override/written-image.ts'
import { formatImageReference, repositoryName } from '../../../image/reference.ts'
import { editScalars } from '../../../manifests/edit-scalars.ts'
import type { GitImageChange } from '../image-change.ts'
import { insertItem } from './insert-item.ts'
import { imageNameKey } from './kustomization-image.ts'
import { textWithFirstKeys } from './new-text.ts'
import { onePerPlace } from './one-per-place.ts'
import { openMap } from './open-document.ts'
import { readingFields } from './reading-fields.ts'
import { refusing } from './text-edit.ts'
import type { OverridableType } from './write-back-target.ts'

/**
 * The override file (`.argocd-source-…`) with the images in it. Argo CD lays it over the source with a JSON
 * merge patch, so it holds only what is managed here, and what others wrote into it stays.
 *
 * @param text undefined when there is no file yet
 * @throws TargetError
 */
export function editOverrideFile(
  text: string | undefined,
  changes: readonly GitImageChange[],
  type: OverridableType,
  file: string,
): string {
  if (type === 'Helm') return editParameters(text ?? '', changes, file)
  onePerPlace(
    changes.map((change) => ({
      place: imageNameKey(nameOfPlace(change, type)),
      name: nameOfPlace(change, type),
      value: formatImageReference(change.after),
      alias: change.alias,
    })),
    file,
  )
  return changes.reduce((current, change) => setImage(current, change, type, file), text ?? '')
}

function nameOfPlace({ after, targets }: GitImageChange, type: OverridableType): string {
  if (type === 'Kustomize') return targets.kustomize?.name || repositoryName(after)
  const { spec, tag } = targets.plugin ?? {}
  return spec || tag || ''
}

function setImage(
  text: string,
  { after, targets }: GitImageChange,
  type: OverridableType,
  file: string,
): string {
  const operations = readingFields(file, () => {
    const before = new ObjectField(file, openMap(text, file)?.value ?? {})
    const image =
      type === 'Kustomize'
        ? setKustomizeImage(before, after, targets.kustomize?.name)
        : setPluginImage(before, after, targets.plugin)
    return overridePatch(before, image).operations
  })
  return edited(text, operations, file)
}

interface Parameter {
  readonly name: string
  readonly value: string
}

function editParameters(text: string, changes: readonly GitImageChange[], file: string): string {
  const wanted = changes.flatMap(({ alias, after, targets }) =>
    namedValues(after, helmParameterNames(targets.helm)).map(({ name, value }) => ({
      alias,
      place: name,
      value,
    })),
  )
  const parameters = onePerPlace(wanted, file).map(({ place, value }) => ({ name: place, value }))
  const changed = readingFields(file, () =>
    parametersOf(text, file)
      .items()
      .flatMap((entry) => {
        const parameter = parameters.find(({ name }) => name === nameOf(entry))
        return parameter ? entryOperations(entry, parameter.value) : []
      }),
  )
  return sortNamedEntries(parameters).reduce(
    (current, parameter) => addParameter(current, parameter, file),
    edited(text, changed, file),
  )
}

/** Where the list is sorted, as argocd-image-updater leaves it, it stays so. Else the new one comes last. */
function addParameter(text: string, { name, value }: Parameter, file: string): string {
  const list = parametersOf(text, file)
  const names = list.items().map(nameOf)
  if (names.includes(name)) return text
  const entry = { name, value, forcestring: true }
  const isSorted = names.every((one, index) => index === 0 || (names[index - 1] ?? '') <= one)
  const next = isSorted ? names.findIndex((one) => one > name) : -1
  const inserted = next < 0 ? undefined : insertItem(text, ['helm', 'parameters'], next, entry, file)
  const isBegun = new ObjectField(file, openMap(text, file)?.value).member('helm').value !== undefined
  return inserted ?? edited(text, [additionOf(entry, isBegun, list)], file)
}

function additionOf(entry: Parameter, isBegun: boolean, list: ObjectField): JsonPatchOperation {
  if (!isBegun) return { op: 'add', path: '/helm', value: { parameters: [entry] } }
  if (list.items().length === 0) return { op: 'add', path: list.pointer, value: [entry] }
  return { op: 'add', path: `${list.pointer}/-`, value: entry }
}

function parametersOf(text: string, file: string): ObjectField {
  return new ObjectField(file, openMap(text, file)?.value).member('helm').member('parameters')
}

function nameOf(entry: ObjectField): string {
  return entry.member('name').text()
}

/** Argo CD reads `forceString` as well as `forcestring`; whichever is there is kept. */
function entryOperations(entry: ObjectField, value: string): readonly JsonPatchOperation[] {
  const key = entry.member('forceString').value === undefined ? 'forcestring' : 'forceString'
  const wanted = { value, [key]: true }
  return Object.entries(wanted).flatMap(([name, member]) => {
    const field = entry.member(name)
    if (field.value === member) return []
    return [{ op: field.value === undefined ? 'add' : 'replace', path: field.pointer, value: member }]
  })
}

function edited(text: string, operations: readonly JsonPatchOperation[], file: string): string {
  const [first] = operations.filter(({ op }) => op !== 'test')
  if (first === undefined) return text
  if ('value' in first && /^\/[^/]+$/.test(first.path)) {
    const begun = textWithFirstKeys(text, { [first.path.slice(1)]: first.value })
    if (begun !== undefined) return begun
  }
  return refusing(file, '', () => editScalars(text, operations).text)
}
