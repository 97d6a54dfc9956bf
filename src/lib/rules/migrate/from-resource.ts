import { readStrategyName } from '../../policy/strategy-name.ts'
import { matchesOf, type RuledApplication } from '../image-updater/application-rules.ts'
import {
  type ImageUpdater,
  type ImageUpdaterObject,
  readImageUpdater,
} from '../image-updater/image-updater.ts'
import { ResourceField } from '../image-updater/resource-field.ts'
import { readUpdateSettings, withoutEmpty } from '../image-updater/update-settings.ts'
import { mergeWriteBackConfigs, readWriteBackConfig } from '../image-updater/write-back-config.ts'
import { entriesOf, mergeSettings, type WrittenSettings } from '../written-settings.ts'
import {
  type Carried,
  type CarriedImage,
  type CarriedSettings,
  faultLoss,
  type Loss,
  objectName,
} from './carried-rules.ts'

/** A resource, as it was sent and as it reads. */
export interface ReadResource {
  readonly object: ImageUpdaterObject
  readonly imageUpdater: ImageUpdater
}

export function readResource(object: ImageUpdaterObject): ReadResource {
  return { object, imageUpdater: readImageUpdater(object) }
}

/**
 * What the resource that has an Application's rules says that annotations can say as well. Undefined where
 * no resource has them.
 */
export function carryResource(
  application: RuledApplication,
  resources: readonly ReadResource[],
): (Carried & { readonly resource: ReadResource }) | undefined {
  const [match] = matchesOf(
    application,
    resources.map(({ imageUpdater }) => imageUpdater),
  )
  const resource = resources.find(({ imageUpdater }) => imageUpdater === match?.imageUpdater)
  if (match === undefined || resource === undefined || match.ref.useAnnotations) return undefined
  const { name, namespace = '' } = application.metadata
  const object = objectName(namespace, name)
  const { rules, problems } = match.ref.rules
  const losses: Loss[] = problems
    .filter(({ severity }) => severity === 'error')
    .map((problem) => faultLoss(object, problem))
  const spec = fieldOf(resource.object.spec)
  const ref = fieldAt(spec, match.ref.field)
  const settingsAbove = mergeSettings(settingsOf(spec), settingsOf(ref))
  const { method, repository, branch, target, pullRequest } = mergeWriteBackConfigs(
    [spec, ref].map((field) => readWriteBackConfig(fieldOf(memberOf(field, 'writeBackConfig')))),
  )
  const images = rules.map((rule): CarriedImage => {
    const item = fieldAt(spec, rule.origin.field ?? '')
    const { plugin, ...targets } = rule.targets
    const lose = (key: string, value: string, reason: string) =>
      losses.push({ object, alias: rule.alias, key, value, reason, extent: 'setting' })
    if (plugin) lose('manifestTargets.plugin', JSON.stringify(plugin), 'there is no annotation for it')
    const settings = carriedSettings(withoutEmpty(mergeSettings(settingsAbove, settingsOf(item))))
    return { alias: rule.alias, image: rule.image, rule, settings, targets }
  })
  const isGit = rules.some(({ writeBack }) => writeBack.method === 'git')
  if (isGit && pullRequest && pullRequest.labels.length > 0) {
    losses.push({
      object,
      alias: '',
      key: 'pullRequest.labels',
      value: pullRequest.labels.join(', '),
      reason: 'there is no annotation for it: --pull-request-label gives labels to all pull requests',
      extent: 'setting',
    })
  }
  if (images.length === 0) return { resource, losses, notes: [] }
  const writeBack = {
    ...(method?.text && { method: method.text }),
    ...(target && { target }),
    ...(branch && { gitBranch: branch }),
    ...(repository && { gitRepository: repository }),
    ...(pullRequest?.service && {
      pullRequest: { labels: pullRequest.labels, service: pullRequest.service },
    }),
  }
  return { resource, losses, notes: [], rules: { namespace, application: name, images, writeBack } }
}

function carriedSettings(settings: WrittenSettings): CarriedSettings {
  const strategy = settings.get('update-strategy')
  const forceUpdate = settings.get('force-update')
  const allowTags = settings.get('allow-tags')
  const ignoreTags = settings.get('ignore-tags')
  const pullSecret = settings.get('pull-secret')
  const platforms = settings.get('platforms')
  return {
    ...(strategy && { updateStrategy: readStrategyName(strategy.text).name }),
    ...(forceUpdate && { forceUpdate: forceUpdate.text === 'true' }),
    ...(allowTags && { allowTags: allowTags.text }),
    ...(ignoreTags && { ignoreTags: entriesOf(ignoreTags) }),
    ...(pullSecret && { pullSecret: pullSecret.text }),
    ...(platforms && { platforms: entriesOf(platforms) }),
  }
}

/** What is wrong with the resource was found when it was read first. */
function fieldOf(value: unknown): ResourceField {
  return new ResourceField(value, '', { faults: [], remarks: [] })
}

function settingsOf(field: ResourceField): WrittenSettings {
  return readUpdateSettings(fieldOf(memberOf(field, 'commonUpdateSettings')))
}

function memberOf({ value }: ResourceField, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}

/** `spec.applicationRefs[0].images[1]`, from `spec` on. */
function fieldAt(spec: ResourceField, path: string): ResourceField {
  const [, ...steps] = path.match(/[^.[\]]+/g) ?? []
  return steps.reduce((field, step) => fieldOf(memberOf(field, step)), spec)
}
