import { splitImageListEntry } from '../image/image-list-entry.ts'
import { ImageReferenceError, parseImageReference } from '../image/reference.ts'
import { ANNOTATION_PREFIX } from './annotation-keys.ts'
import { parseBoolean, splitList, ValueError } from './values.ts'
import { type Annotations, annotation } from './written-settings.ts'

/** What someone wants of one image. Absent: leave as it is. '', [] or false: remove. */
export interface RuleAnswers {
  readonly alias: string
  /** Repository, and a constraint after the colon unless `constraint` gives it. */
  readonly image: string
  readonly constraint?: string
  readonly strategy?: string
  readonly tagFilter?: string
  readonly allowTags?: string
  readonly ignoreTags?: readonly string[]
  readonly platforms?: readonly string[]
  readonly tagPattern?: string
  readonly pollInterval?: string
  readonly pinDigest?: boolean
  readonly forceUpdate?: boolean
  readonly allowDowngrade?: boolean
  readonly pullSecret?: string
  /** Which Helm parameters or which image of a kustomization take the image. */
  readonly helmName?: string
  readonly helmTag?: string
  readonly helmSpec?: string
  readonly kustomizeName?: string
  /** What must be respected before a change is written. */
  readonly minAge?: string
  readonly maxBump?: string
  readonly updateWindow?: string
  readonly after?: string
  /** These are for all images of the Application. */
  readonly writeBack?: string
  readonly writeBackTarget?: string
  readonly gitBranch?: string
  readonly gitRepository?: string
  readonly pullRequest?: string
}

/** An answer that is an annotation of its own. */
export type Setting = Exclude<keyof RuleAnswers, 'alias' | 'image' | 'constraint'>

/** The annotation key of each setting, in the order in which they are written. */
export const SETTING_KEYS: Readonly<Record<Setting, string>> = {
  writeBack: 'write-back-method',
  writeBackTarget: 'write-back-target',
  gitBranch: 'git-branch',
  gitRepository: 'git-repository',
  pullRequest: 'pull-request',
  strategy: 'update-strategy',
  tagFilter: 'image-tag-filter',
  allowTags: 'allow-tags',
  ignoreTags: 'ignore-tags',
  platforms: 'platforms',
  tagPattern: 'tag-pattern',
  pollInterval: 'image-poll-interval',
  pinDigest: 'pin-digest',
  forceUpdate: 'force-update',
  allowDowngrade: 'allow-downgrade',
  pullSecret: 'pull-secret',
  helmName: 'helm.image-name',
  helmTag: 'helm.image-tag',
  helmSpec: 'helm.image-spec',
  kustomizeName: 'kustomize.image-name',
  minAge: 'min-age',
  maxBump: 'max-bump',
  updateWindow: 'update-window',
  after: 'after',
}

const SETTINGS = Object.keys(SETTING_KEYS) as Setting[]
/** Those of the Application as a whole: no alias stands before their key. */
const SHARED: ReadonlySet<Setting> = new Set([
  'writeBack',
  'writeBackTarget',
  'gitBranch',
  'gitRepository',
  'pullRequest',
])
const LISTS: ReadonlySet<Setting> = new Set(['ignoreTags', 'platforms'])
const FLAGS: ReadonlySet<Setting> = new Set(['pinDigest', 'forceUpdate', 'allowDowngrade'])

/** The key, without prefix, and the text of every setting that was answered; '' to remove it. */
export function answeredKeys(answers: RuleAnswers): [key: string, text: string][] {
  return SETTINGS.flatMap((setting): [string, string][] => {
    const text = textOf(answers[setting])
    return text === undefined ? [] : [[keyOf(setting, answers.alias), text]]
  })
}

/**
 * What the annotations of an Application say of one image already, as answers; what cannot be read is left
 * out. Settings of the Application as a whole are no answers about the image.
 */
export function writtenAnswers(annotations: Annotations, alias: string): Partial<RuleAnswers> {
  const written = SETTINGS.flatMap((setting): [string, unknown][] => {
    const text = annotation(annotations, keyOf(setting, alias))
    const value = text ? readValue(setting, text) : undefined
    return value === undefined ? [] : [[setting, value]]
  })
  const constraint = listedConstraint(annotations, alias)
  return { ...Object.fromEntries(written), ...(constraint !== '' && { constraint }) }
}

function keyOf(setting: Setting, alias: string): string {
  const key = SETTING_KEYS[setting]
  return SHARED.has(setting) ? key : `${alias}.${key}`
}

function textOf(value: RuleAnswers[Setting]): string | undefined {
  if (typeof value === 'boolean') return value ? 'true' : ''
  return typeof value === 'object' ? value.join(',') : value
}

function readValue(setting: Setting, text: string): string | boolean | string[] | undefined {
  if (LISTS.has(setting)) return splitList(text)
  if (!FLAGS.has(setting)) return text
  try {
    return parseBoolean(text)
  } catch (error) {
    if (error instanceof ValueError) return undefined
    throw error
  }
}

function listedConstraint(annotations: Annotations, alias: string): string {
  const entries = (annotations[`${ANNOTATION_PREFIX}image-list`] ?? '').split(',').map(splitImageListEntry)
  const own = entries.find((entry) => entry.alias === alias)
  try {
    return own ? parseImageReference(own.reference).tag : ''
  } catch (error) {
    if (error instanceof ImageReferenceError) return ''
    throw error
  }
}
