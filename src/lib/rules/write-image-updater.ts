import { UserError } from '../errors.ts'
import { parseImageReference, repositoryName } from '../image/reference.ts'
import type { ApplicationRefSpec, ImageUpdaterSpec } from './migrate/to-resource.ts'
import type { RuleAnswers } from './rule-answers.ts'

/** Answers that an ImageUpdater cannot hold, by the key of the annotation that can. */
const WITHOUT_FIELD = [
  ['tag-pattern', ({ tagPattern }) => tagPattern],
  ['image-poll-interval', ({ pollInterval }) => pollInterval],
  ['pin-digest', ({ pinDigest }) => pinDigest],
  ['allow-downgrade', ({ allowDowngrade }) => allowDowngrade],
  ['min-age', ({ minAge }) => minAge],
  ['max-bump', ({ maxBump }) => maxBump],
  ['update-window', ({ updateWindow }) => updateWindow],
  ['after', ({ after }) => after],
  ['pull-request', ({ pullRequest }) => pullRequest],
  ['write-back-method restart', ({ writeBack }) => writeBack === 'restart'],
  ['allow-tags beside image-tag-filter', ({ allowTags, tagFilter }) => allowTags && tagFilter],
] as const satisfies readonly (readonly [string, (answers: RuleAnswers) => string | boolean | undefined])[]

/** What was answered is no rule of an ImageUpdater. */
export class ResourceAnswersError extends UserError {}

/** The settings among the answers that an ImageUpdater has no field for. */
export function settingsWithoutField(answers: RuleAnswers): string[] {
  return WITHOUT_FIELD.flatMap(([key, says]) => (says(answers) ? [key] : []))
}

/**
 * The spec of an ImageUpdater with the answers as its rule for one image of one Application. What was not
 * answered stays as it is, in this image and everywhere else.
 *
 * @param existing the spec as it is; undefined for a new resource
 * @param place of the item in `applicationRefs` that is about this Application alone; absent: one is added
 * @throws ResourceAnswersError naming what an ImageUpdater cannot say; ImageReferenceError for a malformed image
 */
export function specWithImage(
  existing: unknown,
  place: number | undefined,
  application: string,
  answers: RuleAnswers,
): ImageUpdaterSpec {
  const unsaid = settingsWithoutField(answers)
  if (unsaid.length > 0) {
    throw new ResourceAnswersError(
      `an ImageUpdater has no field for ${unsaid.join(', ')}`,
      'Leave that out, or write annotations instead: without --image-updater',
    )
  }
  const spec = objectOf(existing)
  const items = listOf(spec['applicationRefs'])
  const item = itemWithImage(place === undefined ? {} : items[place], application, answers)
  const applicationRefs = place === undefined ? [...items, item] : items.with(place, item)
  return { ...spec, applicationRefs: applicationRefs as readonly ApplicationRefSpec[] }
}

function itemWithImage(existing: unknown, application: string, answers: RuleAnswers): ApplicationRefSpec {
  const item = objectOf(existing)
  const images = listOf(item['images'])
  const own = images.findIndex((image) => objectOf(image)['alias'] === answers.alias)
  const image = imageWith(own < 0 ? {} : images[own], answers)
  return {
    namePattern: application,
    ...changed(item, { writeBackConfig: writeBackWith(item['writeBackConfig'], answers) }),
    images: own < 0 ? [...images, image] : images.with(own, image),
  }
}

function imageWith(existing: unknown, answers: RuleAnswers): object {
  const image = objectOf(existing)
  const { alias, constraint } = answers
  const reference = parseImageReference(answers.image)
  const range = (constraint ?? reference.tag).trim()
  const targets = objectOf(image['manifestTargets'])
  return changed(image, {
    alias,
    imageName: `${repositoryName(reference)}${range === '' ? '' : `:${range}`}`,
    commonUpdateSettings: changed(image['commonUpdateSettings'], {
      updateStrategy: answers.strategy,
      forceUpdate: answers.forceUpdate,
      allowTags:
        answers.allowTags || (answers.tagFilter && `regexp:${answers.tagFilter}`) || noPattern(answers),
      ignoreTags: answers.ignoreTags,
      pullSecret: answers.pullSecret,
      platforms: answers.platforms,
    }),
    manifestTargets: changed(targets, {
      helm: changed(targets['helm'], {
        name: answers.helmName,
        tag: answers.helmTag,
        spec: answers.helmSpec,
      }),
      kustomize: changed(targets['kustomize'], { name: answers.kustomizeName }),
    }),
  })
}

/** '' where an answer takes the pattern away; both annotations that limit tags become the one `allowTags`. */
function noPattern({ allowTags, tagFilter }: RuleAnswers): '' | undefined {
  return allowTags === '' || tagFilter === '' ? '' : undefined
}

/** `application` is this tool's word for what argocd-image-updater calls argocd, which is the default. */
function writeBackWith(existing: unknown, answers: RuleAnswers): object {
  const config = objectOf(existing)
  const method = answers.writeBack === 'application' ? 'argocd' : answers.writeBack
  return changed(config, {
    method: method === 'argocd' && config['method'] === undefined ? undefined : method,
    gitConfig: changed(config['gitConfig'], {
      branch: answers.gitBranch,
      repository: answers.gitRepository,
      writeBackTarget: answers.writeBackTarget,
    }),
  })
}

/** The object with these members: undefined leaves one alone; '', false, [] and {} take it away. */
function changed(existing: unknown, members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result = { ...objectOf(existing) }
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) continue
    if (saysNothing(value)) delete result[name]
    else result[name] = value
  }
  return result
}

function saysNothing(value: unknown): boolean {
  return (
    value === '' ||
    value === false ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  )
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
