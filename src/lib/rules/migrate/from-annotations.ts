import { repositoryName } from '../../image/reference.ts'
import { readAnnotationRules } from '../annotations.ts'
import type { RuledApplication } from '../image-updater/application-rules.ts'
import { RESOURCE_SERVICES } from '../image-updater/write-back-config.ts'
import type { UpdateRule } from '../update-rule.ts'
import { entriesOf, mergeSettings, type WrittenSettings, writtenSettings } from '../written-settings.ts'
import { isAlias, madeAlias } from './alias.ts'
import {
  type Carried,
  type CarriedImage,
  type CarriedRules,
  type CarriedSettings,
  faultLoss,
  type Loss,
  objectName,
} from './carried-rules.ts'
import { unprotected } from './rule-annotations.ts'

/** Settings of this tool that an ImageUpdater has no field for, where they say something. */
const WITHOUT_FIELD = [
  ['image-poll-interval', ({ pollInterval }) => pollInterval !== undefined],
  ['pin-digest', ({ pinDigest }) => pinDigest],
  ['tag-pattern', ({ tagPattern }) => tagPattern !== undefined],
  ['allow-downgrade', ({ allowDowngrade }) => allowDowngrade],
  ['write-back-method', ({ writeBack }) => writeBack.method === 'restart'],
] as const satisfies readonly (readonly [string, (rule: UpdateRule) => boolean])[]

/** What an Application's annotations say that an ImageUpdater can say as well. */
export function carryAnnotations(application: RuledApplication): Carried {
  const { name, namespace = '' } = application.metadata
  const object = objectName(namespace, name)
  const bare = unprotected(application)
  const annotations = bare.metadata.annotations ?? {}
  const { rules, problems } = readAnnotationRules(bare)
  const losses: Loss[] = problems
    .filter(({ severity }) => severity === 'error')
    .map((problem) => faultLoss(object, problem))
  const notes: string[] = []
  const applicationWide = writtenSettings(annotations, '')
  const taken = new Set(rules.map(({ alias }) => alias))
  const images: CarriedImage[] = []
  let method: string | undefined
  for (const rule of rules) {
    const alias = isAlias(rule.alias) ? rule.alias : madeAlias(rule.image, taken)
    taken.add(alias)
    const lose = (key: string, value: string, reason: string, extent: Loss['extent'] = 'setting') =>
      losses.push({ object, alias, key, value, reason, extent })
    const written = methodOf(rule)
    method ??= written
    if (written !== method) {
      const reason = `an ImageUpdater has one write-back method for all images of an Application, here ${method}`
      lose('write-back-method', rule.writeBack.written, reason, 'image')
      continue
    }
    const { source } = rule.writeBack
    if (source) {
      // Without it, another source would receive the image.
      const [key, value] =
        'name' in source ? ['source-name', source.name] : ['source-index', `${source.index}`]
      lose(key, value, 'an ImageUpdater has no field for it', 'image')
      continue
    }
    const service = rule.writeBack.method === 'git' ? rule.writeBack.pullRequest?.service : undefined
    if (service && !RESOURCE_SERVICES.some((known) => known === service)) {
      // Without it, what should be reviewed would go straight to the branch.
      const reason = `an ImageUpdater knows ${RESOURCE_SERVICES.join(' and ')} only`
      lose('pull-request', service, reason, 'image')
      continue
    }
    if (alias !== rule.alias) {
      const called =
        rule.alias === '' ? 'has no alias' : `has the alias "${rule.alias}", which is none for a resource`
      notes.push(`${object}: image ${repositoryName(rule.image)} ${called}: it becomes ${alias}`)
    }
    const settings =
      rule.alias === ''
        ? applicationWide
        : mergeSettings(applicationWide, writtenSettings(annotations, rule.alias))
    for (const [key, says] of WITHOUT_FIELD) {
      if (says(rule)) lose(key, settings.get(key)?.text ?? '', 'an ImageUpdater has no field for it')
    }
    const filter = settings.get('image-tag-filter')?.text
    if (filter !== undefined && limits(allowTagsOf(settings))) {
      lose(
        'image-tag-filter',
        filter,
        'allowTags is the only pattern of an ImageUpdater, and allow-tags is set',
      )
    }
    const { image, targets } = rule
    images.push({ alias, image, rule, settings: carriedSettings(settings, rule), targets })
  }
  const [first] = images
  if (first === undefined) return { losses, notes }
  const { method: kind, target, gitBranch, gitRepository, pullRequest } = first.rule.writeBack
  const writeBack: CarriedRules['writeBack'] = {
    ...(method !== undefined && method !== 'argocd' && { method }),
    ...(target && { target }),
    ...(gitBranch && { gitBranch }),
    ...(gitRepository && { gitRepository }),
    // Without git it means nothing, and a resource would be warned of it.
    ...(kind === 'git' && pullRequest && { pullRequest }),
  }
  return { losses, notes, rules: { namespace, application: name, images, writeBack } }
}

/** As an ImageUpdater spells it: `application` and `restart` are of this tool alone. */
function methodOf({ writeBack }: UpdateRule): string {
  return writeBack.method === 'git' ? writeBack.written : 'argocd'
}

function allowTagsOf(settings: WrittenSettings): string | undefined {
  return (settings.get('allow-tags') ?? settings.get('tag-match'))?.text
}

function limits(allowTags: string | undefined): boolean {
  return allowTags !== undefined && allowTags.toLowerCase() !== 'any'
}

function carriedSettings(settings: WrittenSettings, rule: UpdateRule): CarriedSettings {
  const strategy = settings.get('update-strategy')
  const filter = settings.get('image-tag-filter')
  const written = allowTagsOf(settings)
  const allowTags = filter && !limits(written) ? `regexp:${filter.text}` : written
  const ignoreTags = settings.get('ignore-tags')
  const pullSecret = settings.get('pull-secret')
  const platforms = settings.get('platforms')
  return {
    // A tag that is followed because it can mean nothing else is so for this tool only.
    ...((strategy || rule.strategy === 'digest') && { updateStrategy: rule.strategy }),
    ...(settings.has('force-update') && { forceUpdate: rule.forceUpdate }),
    ...(allowTags !== undefined && { allowTags }),
    ...(ignoreTags && { ignoreTags: entriesOf(ignoreTags) }),
    ...(pullSecret && { pullSecret: pullSecret.text }),
    ...(platforms && { platforms: entriesOf(platforms) }),
  }
}
