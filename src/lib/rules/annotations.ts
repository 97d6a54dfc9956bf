import { UserError } from '../errors.ts'
import { splitImageListEntry } from '../image/image-list-entry.ts'
import { absurdAnnotations } from './absurd-annotations.ts'
import { ANNOTATION_PREFIX } from './annotation-keys.ts'
import { buildRule } from './build-rule.ts'
import { type ReadEntry, readImageList } from './image-list.ts'
import { codeOfImageError } from './lint/error-code.ts'
import { parsePullRequestService } from './pull-request-service.ts'
import { NOTHING_MORE, type RulePermissions } from './rule-permissions.ts'
import { nearKeys, unreadKeys } from './unread-keys.ts'
import type { RuleOrigin, RuleProblem, RuleSet, UpdateRule, WriteBack } from './update-rule.ts'
import { ValueError } from './values.ts'
import { type Annotations, annotation, mergeSettings, writtenSettings } from './written-settings.ts'

/** As much of an Application as its rules are read from. */
export interface AnnotatedObject {
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly annotations?: Annotations
  }
}

const IMAGE_LIST = 'image-list'

/**
 * Reads every rule that an Application's annotations hold, in the 1.x reading of argocd-image-updater plus
 * this tool's own keys. What cannot be used becomes a problem and stops its own image only.
 */
export function readAnnotationRules(
  object: AnnotatedObject,
  permissions: RulePermissions = NOTHING_MORE,
): RuleSet {
  const { name, namespace = '' } = object.metadata
  const annotations = object.metadata.annotations ?? {}
  const origin: RuleOrigin = { kind: 'annotation', object: namespace ? `${namespace}/${name}` : name }
  const absurd = absurdAnnotations(annotations, origin)
  if (absurd.length > 0) return { rules: [], problems: absurd }
  const list = annotation(annotations, IMAGE_LIST)
  if (list === undefined) return { rules: [], problems: withoutImageList(annotations, origin) }
  let entries: ReadEntry[]
  try {
    entries = readImageList(list)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { rules: [], problems: [imageListProblem(origin, '', list, error)] }
  }

  const aliases = entries.map(({ text }) => splitImageListEntry(text).alias)
  const unread = unreadKeys(annotations, aliases, origin)
  const applicationWide = writtenSettings(annotations, '')
  const writeBack = readWriteBackPlace(annotations)
  if ('error' in writeBack) {
    const { error, key, value } = writeBack
    const problem = { ...imageListProblem(origin, '', value, error), code: 'bad-value', key } as const
    return { rules: [], problems: [problem, ...unread] }
  }
  const rules: UpdateRule[] = []
  const problems: RuleProblem[] = []
  for (const read of entries) {
    if ('error' in read) {
      const { alias } = splitImageListEntry(read.text)
      problems.push(imageListProblem(origin, alias, read.text, read.error))
      continue
    }
    const { alias, image } = read.entry
    const settings =
      alias === '' ? applicationWide : mergeSettings(applicationWide, writtenSettings(annotations, alias))
    const imageSetting = { key: IMAGE_LIST, text: read.text }
    const nameOf = (setting: string) => (alias === '' ? setting : `${alias}.${setting}`)
    const built = buildRule({
      origin,
      alias,
      image,
      imageSetting,
      settings,
      nameOf,
      namespace,
      permissions,
      writeBack,
    })
    problems.push(...built.problems)
    if (built.rule && !unread.some((problem) => stops(problem, alias))) rules.push(built.rule)
  }
  return { rules, problems: [...problems, ...unread] }
}

/** Whether a problem keeps the image with this alias from being updated. */
export function stops(problem: RuleProblem, alias: string): boolean {
  return problem.severity === 'error' && (problem.alias === '' || problem.alias === alias)
}

/** A setting of the Application as a whole whose value means nothing. */
interface Unreadable {
  readonly key: string
  readonly value: string
  readonly error: ValueError
}

function readWriteBackPlace(annotations: Annotations): Omit<WriteBack, 'method' | 'written'> | Unreadable {
  const target = annotation(annotations, 'write-back-target')
  const gitBranch = annotation(annotations, 'git-branch')
  const gitRepository = annotation(annotations, 'git-repository')
  const service = readValue(annotations, 'pull-request', parsePullRequestService)
  if (isUnreadable(service)) return service
  const index = readValue(annotations, 'source-index', parseSourceIndex)
  if (isUnreadable(index)) return index
  const name = annotation(annotations, 'source-name')
  const source = name ? { name } : index !== undefined && { index }
  return {
    ...(target && { target }),
    ...(gitBranch && { gitBranch }),
    ...(gitRepository && { gitRepository }),
    ...(service && { pullRequest: { labels: [], service } }),
    ...(source && { source }),
  }
}

function readValue<Value extends string | number>(
  annotations: Annotations,
  key: string,
  parse: (text: string) => Value,
): Value | undefined | Unreadable {
  const value = annotation(annotations, key)
  if (!value) return undefined
  try {
    return parse(value)
  } catch (error) {
    if (error instanceof ValueError) return { error, key, value }
    throw error
  }
}

function isUnreadable(value: unknown): value is Unreadable {
  return typeof value === 'object'
}

/** A place in `spec.sources`, from 0 as Kubernetes counts. @throws ValueError */
function parseSourceIndex(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new ValueError(`"${text}" is no place in spec.sources`, 'Write a number, 0 for the first source')
}

/** An Application without image-list is not managed; settings without one are worth a word. */
function withoutImageList(annotations: Annotations, origin: RuleOrigin): RuleProblem[] {
  const ours = Object.keys(annotations).filter((key) => key.startsWith(ANNOTATION_PREFIX))
  const misspelt = ours.find((key) => nearKeys(key.slice(ANNOTATION_PREFIX.length), [])[0] === IMAGE_LIST)
  const name = misspelt ?? ours[0]
  if (name === undefined) return []
  return [
    {
      severity: 'warning',
      code: misspelt === undefined ? 'no-image-list' : 'misspelt-key',
      origin,
      alias: '',
      key: name.slice(ANNOTATION_PREFIX.length),
      value: annotations[name] ?? '',
      problem: 'there is no image-list, so no image of this Application is managed',
      remedy: misspelt
        ? `Did you mean ${IMAGE_LIST}?`
        : `Add the annotation ${ANNOTATION_PREFIX}${IMAGE_LIST}: <alias>=<image>`,
    },
  ]
}

function imageListProblem(origin: RuleOrigin, alias: string, value: string, error: UserError): RuleProblem {
  return {
    severity: 'error',
    code: codeOfImageError(error),
    origin,
    alias,
    key: IMAGE_LIST,
    value,
    problem: error.message,
    remedy: error.remedy,
  }
}
