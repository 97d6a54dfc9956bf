import type { Application } from '../../../src/lib/application/application.ts'
import { liveImages } from '../../../src/lib/application/live-images.ts'
import { ObjectField } from '../../../src/lib/application/object-field.ts'
import { helmParameterNames } from '../../../src/lib/application/override/helm.ts'
import {
  findKustomizeImage,
  mergeKustomizeImage,
  sameKustomizeImage,
} from '../../../src/lib/application/override/kustomize.ts'
import {
  mergeNamedEntries,
  type NamedEntry,
  sortNamedEntries,
} from '../../../src/lib/application/override/named-entries.ts'
import {
  setImage,
  UnsupportedSourceError,
  writtenImage,
} from '../../../src/lib/application/override/override.ts'
import { overridePatch } from '../../../src/lib/application/override/patch.ts'
import type { OverrideTargets } from '../../../src/lib/application/override/targets.ts'
import { chooseSource } from '../../../src/lib/application/source-choice.ts'
import { findSourceType, type WriteBackPlace } from '../../../src/lib/application/source-type.ts'
import { formatImageReference, parseImageReference } from '../../../src/lib/image/reference.ts'
import { applyJsonPatch } from '../../application/apply-json-patch.ts'

interface AppCase {
  readonly name?: string
  readonly namespace?: string
  readonly sourceType?: string
  readonly sourceTypes?: readonly string[]
  readonly statusImages?: readonly string[]
  readonly source?: object
  readonly sources?: readonly object[]
  readonly drySource?: object
}

interface WriteBackCase {
  readonly method?: string
  readonly target?: string
  readonly kustomizeBase?: string
}

interface SettingsCase {
  readonly image?: string
  readonly helmImageName?: string
  readonly helmImageTag?: string
  readonly helmImageSpec?: string
  readonly kustomizeImageName?: string
  readonly pluginEnvName?: string
  readonly pluginEnvTag?: string
  readonly pluginEnvSpec?: string
}

interface ImageCase {
  readonly app: AppCase
  readonly writeBack: WriteBackCase | null
  readonly settings: SettingsCase
}

/** The cases of each area about Applications: each adapter only translates shapes. */
export const areas: Record<string, (input: unknown) => unknown> = {
  'application-type': (input) => {
    const { app, writeBack } = input as ImageCase
    const { sourceType, overrideType } = findSourceType(applicationOf(app), placeOf(writeBack))
    return { sourceType, type: overrideType }
  },

  'application-source': (input) => {
    const { app, writeBack } = input as ImageCase
    const { field, index } = chooseSource(applicationOf(app), placeOf(writeBack))
    const { repoURL, targetRevision } = field.members() ?? {}
    return { index: index ?? -1, repoURL, targetRevision }
  },

  'live-images': (input) => {
    const { app, images } = input as { app: AppCase; images: { image: string; forceUpdate?: boolean }[] }
    const followed = images.map(({ image, forceUpdate = false }) => ({
      image: parseImageReference(withoutAlias(image)),
      forceUpdate,
    }))
    return liveImages(applicationOf(app), followed).map(formatImageReference)
  },

  'helm-param-names': (input) => {
    const settings = input as SettingsCase
    // Only an alias can carry settings, so an image without one has none.
    const targets = withoutAlias(settings.image ?? '') === settings.image ? {} : targetsOf(settings)
    const { spec, name, tag } = helmParameterNames(targets.helm)
    return { name: spec || name, tag }
  },

  'helm-params-merge': (input) => {
    const { src, merge } = input as { src: unknown; merge: NamedEntry[] }
    return mergeNamedEntries(new ObjectField('case', src, 'src'), merge)
  },

  'kustomize-image-match': (input) => {
    const { a, b } = input as { a: string; b: string }
    return sameKustomizeImage(a, b)
  },

  'kustomize-images-find': (input) => {
    const { images, image } = input as { images: string[]; image: string }
    return findKustomizeImage(images, image)
  },

  'helm-params-sort': (input) => sortNamedEntries(input as NamedEntry[]),
  'kustomize-images-merge': (input) => {
    const { images, merge } = input as { images: string[]; merge: string }
    return mergeKustomizeImage(images, merge)
  },

  'get-image': (input) => {
    const { app, writeBack, settings } = input as ImageCase
    const targets = targetsOf(settings)
    const source = chooseSource(applicationOf(app), placeOf(writeBack), targets)
    if (source.overrideType === 'Unsupported') return refusal('unsupported-application-type')
    return writtenImage(source, parseImageReference(withoutAlias(settings.image ?? '')), targets).text
  },

  'set-image': (input) => {
    const { app, writeBack, sequence } = input as Omit<ImageCase, 'settings'> & {
      sequence: { settings: SettingsCase; newImage: string }[]
    }
    try {
      return imagesOf(
        sequence.reduce(
          (before, { settings, newImage }) => setOne(before, writeBack, settings, newImage),
          applicationOf(app),
        ),
        writeBack,
      )
    } catch (error) {
      if (error instanceof UnsupportedSourceError) return refusal('unsupported-application-type')
      throw error
    }
  },
}

function setOne(
  application: Application,
  writeBack: WriteBackCase | null,
  settings: SettingsCase,
  newImage: string,
): Application {
  const targets = targetsOf(settings)
  const source = chooseSource(application, placeOf(writeBack), targets)
  const after = setImage(source, parseImageReference(withoutAlias(newImage)), targets)
  return applyJsonPatch(application, overridePatch(source.field, after).operations)
}

function imagesOf(application: Application, writeBack: WriteBackCase | null): object {
  const { field } = chooseSource(application, placeOf(writeBack))
  const lists = {
    helm: field.member('helm').member('parameters').value,
    kustomize: field.member('kustomize').member('images').value,
    plugin: field.member('plugin').member('env').value,
  }
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined))
}

function applicationOf(app: AppCase): Application {
  const { name = 'app', namespace = 'argocd', source, sources, drySource } = app
  const sourceHydrator = drySource === undefined ? undefined : { drySource }
  const { sourceType, sourceTypes, statusImages } = app
  return JSON.parse(
    JSON.stringify({
      metadata: { name, namespace },
      spec: { source, sources, sourceHydrator },
      status: { sourceType, sourceTypes, summary: { images: statusImages } },
    }),
  )
}

function placeOf(writeBack: WriteBackCase | null | undefined): WriteBackPlace | undefined {
  if (!writeBack) return undefined
  const kustomization =
    writeBack.kustomizeBase === undefined ? undefined : `kustomization:${writeBack.kustomizeBase}`
  const target = kustomization ?? writeBack.target
  // Only a git write-back has a target, also where a case does not say so.
  const method = writeBack.method === 'git' || target !== undefined ? 'git' : 'application'
  return { method, ...(target === undefined ? {} : { target }) }
}

function targetsOf(settings: SettingsCase): OverrideTargets {
  const { helmImageName, helmImageTag, helmImageSpec, kustomizeImageName } = settings
  const { pluginEnvName, pluginEnvTag, pluginEnvSpec } = settings
  return JSON.parse(
    JSON.stringify({
      helm: someOf({ name: helmImageName, tag: helmImageTag, spec: helmImageSpec }),
      kustomize: someOf({ name: kustomizeImageName }),
      plugin: someOf({ name: pluginEnvName, tag: pluginEnvTag, spec: pluginEnvSpec }),
    }),
  )
}

function someOf(targets: Record<string, string | undefined>): object | undefined {
  return Object.values(targets).some((target) => target !== undefined) ? targets : undefined
}

/** `alias=image:constraint` without its alias. */
function withoutAlias(identifier: string): string {
  return identifier.replace(/^\s*[A-Za-z0-9._-]*=/, '')
}

function refusal(reason: string): object {
  return { error: true, reason }
}
