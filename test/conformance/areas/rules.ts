import type { SettingName } from '../../../src/lib/rules/annotation-keys.ts'
import { CredentialSourceError, parseCredentialSource } from '../../../src/lib/rules/credential-source.ts'
import { readImageList } from '../../../src/lib/rules/image-list.ts'
import { readManifestTargets } from '../../../src/lib/rules/manifest-targets.ts'
import { parseBoolean, splitList } from '../../../src/lib/rules/values.ts'
import {
  type Annotations,
  annotation,
  type WrittenSettings,
  writtenSettings,
} from '../../../src/lib/rules/written-settings.ts'

export const areas = {
  'annotations-images': (annotations: Annotations) =>
    readImageList(annotation(annotations, 'image-list') ?? '').map((read) => {
      if ('error' in read) throw read.error
      const { alias } = read.entry
      return {
        alias,
        imageName: alias === '' ? read.text : read.text.slice(read.text.indexOf('=') + 1).trim(),
        commonUpdateSettings: alias === '' ? null : settings(annotations, alias),
        manifestTarget: targets(annotations, alias),
      }
    }),
  'annotations-settings': (input: { alias: string; annotations: Annotations }) =>
    settings(input.annotations, input.alias),
  'annotations-manifest-targets': (input: { alias: string; annotations: Annotations }) =>
    targets(input.annotations, input.alias),
  'annotations-write-back': (annotations: Annotations) => {
    const text = (key: string) => annotation(annotations, key) || undefined
    const gitConfig = {
      repository: text('git-repository'),
      branch: text('git-branch'),
      writeBackTarget: text('write-back-target'),
    }
    return orNull({ method: text('write-back-method'), gitConfig: orNull(gitConfig) })
  },
  'credential-source': (input: { value: string; requireRegistryPrefix: boolean }) => {
    try {
      const { registry, ...source } = parseCredentialSource(input.value)
      if (input.requireRegistryPrefix && registry === '') return { error: true }
      const { variable, ...rest } = { variable: undefined, ...source }
      return { ...rest, env: variable, registry: registry || undefined }
    } catch (error) {
      const known = error instanceof CredentialSourceError && !input.requireRegistryPrefix
      return { error: true, reason: known ? error.reason : undefined }
    }
  },
}

function settings(annotations: Annotations, alias: string) {
  return orNull(read(writtenSettings(annotations, alias)))
}

function read(written: WrittenSettings) {
  const text = (name: SettingName) => written.get(name)?.text
  const forceUpdate = text('force-update')
  const ignoreTags = text('ignore-tags')
  const platforms = text('platforms')
  return {
    updateStrategy: text('update-strategy'),
    forceUpdate: forceUpdate === undefined ? undefined : parseBoolean(forceUpdate),
    allowTags: text('allow-tags'),
    ignoreTags: ignoreTags === undefined ? undefined : splitList(ignoreTags),
    pullSecret: text('pull-secret'),
    platforms: platforms === undefined ? undefined : splitList(platforms),
  }
}

function targets(annotations: Annotations, alias: string) {
  return orNull({ ...readManifestTargets(writtenSettings(annotations, alias)) })
}

/** null when every field is absent. */
function orNull(fields: Record<string, unknown>) {
  return Object.values(fields).some((field) => field !== undefined && field !== null) ? fields : null
}
