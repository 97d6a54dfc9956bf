import { isMap, isScalar, parseDocument, visit } from 'yaml'
import { helmParameterNames } from '../../../src/lib/application/override/helm.ts'
import type { OverrideType } from '../../../src/lib/application/source-type.ts'
import { parseImageReference, repositoryName, withTag } from '../../../src/lib/image/reference.ts'
import { parseDocuments } from '../../../src/lib/manifests/document-text.ts'
import { readsAsText } from '../../../src/lib/manifests/scalar-text.ts'
import type { GitImageChange } from '../../../src/lib/writeback/git/image-change.ts'
import {
  editHelmValues,
  setValues,
  type ValuesWrite,
} from '../../../src/lib/writeback/git/targets/helm-values.ts'
import { setKustomizationImage } from '../../../src/lib/writeback/git/targets/kustomization.ts'
import {
  kustomizationImage,
  mergeKustomizationImages,
} from '../../../src/lib/writeback/git/targets/kustomization-image.ts'
import { openMap } from '../../../src/lib/writeback/git/targets/open-document.ts'
import { editOverrideFile } from '../../../src/lib/writeback/git/targets/override-file.ts'
import { TargetError } from '../../../src/lib/writeback/git/targets/target-error.ts'
import { readValue } from '../../../src/lib/writeback/git/targets/values-place.ts'
import {
  defaultOverridePath,
  parseWriteBackTarget,
  type Target,
} from '../../../src/lib/writeback/git/targets/write-back-target.ts'

interface PlaceCase {
  readonly appNamespace: string
  readonly appName: string
  readonly sourcePath: string
  readonly updaterNamespace: string
}

interface OverrideCase {
  readonly app: {
    readonly name: string
    readonly namespace: string
    readonly sourceType: OverrideType
    readonly statusImages?: readonly string[]
    readonly source: {
      readonly helm?: { readonly parameters?: readonly { readonly name: string; readonly value: string }[] }
      readonly kustomize?: { readonly images?: readonly string[] }
    }
  }
  readonly images: readonly {
    readonly image: string
    readonly helmImageName?: string
    readonly helmImageTag?: string
    readonly helmImageSpec?: string
  }[]
  readonly writeBack: { readonly target?: string } | null
  readonly original: string | null
}

/** The cases of each area about files in a repository: each adapter only translates shapes. */
export const areas: Record<string, (input: unknown) => unknown> = {
  'default-target': (input) => defaultOverridePath(placeOf(input as PlaceCase)),

  'write-back-target-path': (input) =>
    told(() => {
      const { target, sourcePath } = input as { target: string; sourcePath: string }
      const place = { appName: 'app', appNamespace: 'argocd', sourcePath, updaterNamespace: 'argocd' }
      const found = parseWriteBackTarget(target, { ...placeOf(place), overrideType: 'Helm' })
      return { kind: found.kind, path: pathOf(found) }
    }),

  'plain-scalar-safe': (input) => readsAsText(String(input), { inFlow: false }),

  'document-start-at': (input) => parseDocuments(String(input))[0]?.directives.docStart === true,

  'helm-values-get': (input) =>
    told(() => {
      const { yaml, key } = input as { yaml: string; key: string }
      const open = openMap(yaml, 'values.yaml')
      return { value: open && readValue(open, key, 'values.yaml') }
    }),

  'helm-values-set': (input) =>
    told(() => {
      const { yaml, key, value } = input as { yaml: string; key: string; value: string }
      return { yaml: encodedAgain(setValues(yaml, [{ key, value }], 'values.yaml')) }
    }),

  'helm-values-write': (input) =>
    told(() => {
      const { yaml, writes } = input as { yaml: string; writes: readonly { path: string; value: string }[] }
      const wanted = writes.map(({ path, value }) => ({ key: path, value }))
      const text = setValues(yaml, wanted, 'values.yaml')
      const inPlace = patchedByOriginal(yaml, wanted)
      return { in_place: inPlace, yaml: inPlace ? text : encodedAgain(text) }
    }),

  'kustomization-edit': (input) =>
    told(() => {
      const { content, images } = input as { content: string; images: readonly string[] }
      const text = images.reduce(
        (current, entry) => setKustomizationImage(current, kustomizationImage(entry), 'kustomization.yaml'),
        content,
      )
      return text === content ? { changed: false } : { changed: true, content: text }
    }),

  'kustomization-images': (input) =>
    mergeKustomizationImages((input as readonly string[]).map(kustomizationImage)),

  'kustomize-override-parse': (input) => kustomizationImage(String(input)),

  'kustomize-override-merge': (input) => {
    const { existing, new: wanted } = input as {
      existing: readonly string[] | null
      new: readonly string[] | null
    }
    const before = existing === null ? '' : JSON.stringify({ kustomize: { images: existing } })
    const after = editOverrideFile(before, (wanted ?? []).map(imageChange), 'Kustomize', 'file')
    return parseDocument(after).toJS()?.kustomize.images
  },

  'override-file': (input) =>
    told(() => {
      const { app, writeBack, original } = input as OverrideCase
      const target = parseWriteBackTarget(writeBack?.target, {
        ...placeOf({ appName: app.name, appNamespace: app.namespace, sourcePath: '', updaterNamespace: '' }),
        overrideType: app.sourceType,
      })
      const text = original ?? undefined
      const changes = changesOf(input as OverrideCase)
      if (target.kind === 'helmvalues')
        return { content: encodedAgain(editHelmValues(text, changes, target.path)) }
      return {
        content: editOverrideFile(
          text,
          changes,
          target.kind === 'override' ? target.overrideType : 'Helm',
          'file',
        ),
      }
    }),
}

function told(answer: () => unknown): unknown {
  try {
    return answer()
  } catch (error) {
    if (error instanceof TargetError) return { error: true, reason: error.code }
    throw error
  }
}

function placeOf({ appNamespace, appName, sourcePath, updaterNamespace }: PlaceCase) {
  return { namespace: appNamespace, application: appName, argocdNamespace: updaterNamespace, sourcePath }
}

function pathOf(target: Target): string {
  return target.kind === 'kustomization' ? target.folder : target.path
}

/**
 * The cases hold documents as the original encodes them: indented by two, without blank lines. The product
 * keeps the layout of a file (test/writeback/git/targets), so only what stands in it is compared.
 */
function encodedAgain(text: string): string {
  const document = parseDocument(text)
  visit(document, {
    Node: (_, node) => {
      node.spaceBefore = false
    },
    Pair: (_, { key }) => {
      if (isScalar(key)) key.spaceBefore = false
    },
  })
  return document.toString({ indent: 2, indentSeq: false, flowCollectionPadding: false, lineWidth: 0 })
}

/** Whether the original would have changed bytes in place: only plain texts by texts that are safe plainly. */
function patchedByOriginal(yaml: string, writes: readonly ValuesWrite[]): boolean {
  const { contents } = parseDocument(yaml)
  return writes.every(({ key, value }) => {
    const node = isMap(contents) ? contents.getIn(key.split('.'), true) : undefined
    return isScalar(node) && node.type === 'PLAIN' && readsAsText(value, { inFlow: false })
  })
}

function imageChange(entry: string): GitImageChange {
  const [image = '', original] = entry.split('=').reverse()
  return {
    alias: '',
    after: parseImageReference(image),
    targets: original === undefined ? {} : { kustomize: { name: original } },
  }
}

/** The original writes what the Application declares by then, else the image that is live. */
function changesOf({ app, images }: OverrideCase): readonly GitImageChange[] {
  if (app.sourceType === 'Kustomize') return (app.source.kustomize?.images ?? []).map(imageChange)
  const parameters = app.source.helm?.parameters ?? []
  const parameter = (name: string) => parameters.find((entry) => entry.name === name)?.value
  if (parameters.length === 0) return []
  return images.flatMap(({ image, helmImageName, helmImageTag, helmImageSpec }): GitImageChange[] => {
    const targets = JSON.parse(
      JSON.stringify({
        helm:
          (helmImageName ?? helmImageTag ?? helmImageSpec)
            ? { name: helmImageName, tag: helmImageTag, spec: helmImageSpec }
            : undefined,
      }),
    ) as GitImageChange['targets']
    const names = helmParameterNames(targets.helm)
    const spec = parameter(names.spec)
    if (spec !== undefined) return [{ alias: '', after: parseImageReference(spec), targets }]
    const followed = parseImageReference(image.replace(/^[a-z]+=/, ''))
    const live = app.statusImages
      ?.map(parseImageReference)
      .find(({ repository }) => followed.repository.endsWith(repository))
    const tag = parameter(names.tag) ?? live?.tag
    if (tag === undefined && parameter(names.name) === undefined) return []
    const name = parameter(names.name) ?? repositoryName(live ?? followed)
    return [{ alias: '', after: withTag(parseImageReference(name), tag ?? ''), targets }]
  })
}
