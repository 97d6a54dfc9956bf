import { NOTHING_MORE, type RulePermissions } from '../rule-permissions.ts'
import type { RuleOrigin, RuleProblem, RuleSet } from '../update-rule.ts'
import { mergeSettings } from '../written-settings.ts'
import { type ApplicationMatcher, bySpecificity, readMatcher } from './application-ref.ts'
import { type ImageDefaults, readImageRules } from './image-rules.ts'
import { readVerification, type Verification } from './images-verification.ts'
import { type FieldProblem, ResourceField } from './resource-field.ts'
import { readUpdateSettings } from './update-settings.ts'
import { mergeWriteBackConfigs, readWriteBackConfig, type WriteBackConfig } from './write-back-config.ts'

/** As much of an ImageUpdater as is read: plain JSON of any shape below `spec`. */
export interface ImageUpdaterObject {
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly deletionTimestamp?: unknown
  }
  readonly spec?: unknown
}

/** An ImageUpdater that was read: which Applications of its namespace it is about, and with which rules. */
export interface ImageUpdater {
  readonly origin: RuleOrigin
  readonly name: string
  readonly namespace: string
  /** The most specific first: the first that matches an Application is used for it. */
  readonly applicationRefs: readonly ApplicationRef[]
  /** What is to be said once of the resource, whichever Applications it matches. */
  readonly problems: readonly RuleProblem[]
}

export interface ApplicationRef extends ApplicationMatcher {
  /** `spec.applicationRefs[0]` */
  readonly field: string
  /** The Applications' own annotations are the rules, and `rules` holds none. */
  readonly useAnnotations: boolean
  /** Whether images must be verified, for the rules from annotations; those in `rules` heed it already. */
  readonly verification: Verification
  readonly rules: RuleSet
}

/**
 * Reads an ImageUpdater (argocd-image-updater.argoproj.io/v1alpha1) as argocd-image-updater 1.x does:
 * settings merge from the resource over the applicationRef to the image, field by field. A wrong shape
 * becomes a problem of what it is part of and disturbs nothing else; it never throws.
 */
export function readImageUpdater(
  { metadata, spec: value }: ImageUpdaterObject,
  permissions: RulePermissions = NOTHING_MORE,
): ImageUpdater {
  const { name, namespace = '' } = metadata
  const origin: RuleOrigin = { kind: 'image-updater', object: namespace ? `${namespace}/${name}` : name }
  const remarks: FieldProblem[] = []
  const result = (applicationRefs: readonly ApplicationRef[]): ImageUpdater => ({
    origin,
    name,
    namespace,
    applicationRefs,
    problems: [...new Map(remarks.map((remark) => [`${remark.key} ${remark.problem}`, remark])).values()].map(
      (remark) => ({ origin, alias: '', ...remark }),
    ),
  })
  const spec = new ResourceField(value, 'spec', { faults: remarks, remarks })
  if (metadata.deletionTimestamp) {
    spec.remark(
      'warning',
      'the resource is being deleted, so its rules are not used',
      'Wait until it is gone',
    )
    return result([])
  }
  const parts = spec.members([
    'applicationRefs',
    'commonUpdateSettings',
    'imagesVerification',
    'writeBackConfig',
  ])
  if (parts === undefined || parts.applicationRefs.absent) {
    spec.fault(
      'there are no applicationRefs, so no Application matches',
      'List the Applications by namePattern',
    )
    return result([])
  }
  const faults: FieldProblem[] = []
  const everywhere: Layer = {
    faults,
    settings: readUpdateSettings(parts.commonUpdateSettings.withFaults(faults)),
    verification: readVerification(parts.imagesVerification.withFaults(faults), undefined),
    writeBack: readWriteBackConfig(parts.writeBackConfig.withFaults(faults)),
  }
  const refs = parts.applicationRefs
    .items()
    .flatMap((item) => readApplicationRef(item, everywhere, { origin, namespace, permissions }) ?? [])
  return result(bySpecificity(refs))
}

/** What one level of the resource says, for everything below it. */
interface Layer extends Pick<ImageDefaults, 'settings' | 'writeBack' | 'verification'> {
  readonly faults: readonly FieldProblem[]
}

function readApplicationRef(
  item: ResourceField,
  above: Layer,
  { origin, namespace, permissions }: Pick<ImageDefaults, 'origin' | 'namespace' | 'permissions'>,
): ApplicationRef | undefined {
  const parts = item.members([
    'namePattern',
    'labelSelectors',
    'useAnnotations',
    'commonUpdateSettings',
    'imagesVerification',
    'writeBackConfig',
    'images',
  ])
  if (parts === undefined) return undefined
  const matcher = readMatcher(parts.namePattern, parts.labelSelectors)
  const own: FieldProblem[] = []
  const field = item.path
  const useAnnotations = parts.useAnnotations.withFaults(own).flag() ?? false
  const verification = readVerification(parts.imagesVerification.withFaults(own), above.verification)
  const stopped = (faults: readonly FieldProblem[]): RuleSet => ({
    problems: faults.map((fault) => ({ origin: { ...origin, field }, alias: '', ...fault })),
    rules: [],
  })
  if (useAnnotations) return { ...matcher, field, useAnnotations, verification, rules: stopped(own) }
  const settings = mergeSettings(
    above.settings,
    readUpdateSettings(parts.commonUpdateSettings.withFaults(own)),
  )
  const writeBack = mergeWriteBackConfigs([
    above.writeBack,
    readWriteBackConfig(parts.writeBackConfig.withFaults(own)),
  ])
  const images = parts.images.withFaults(own)
  const defaults = { namespace, permissions, origin, settings, verification, writeBack }
  const rules = readImageRules(images, defaults)
  if (own.length === 0 && rules.rules.length + rules.problems.length === 0) {
    images.fault(
      'no image is named, and useAnnotations is not set',
      'List images, or set useAnnotations to true',
    )
  }
  remarkPullRequest(writeBack)
  const faults = [...above.faults, ...own]
  return {
    ...matcher,
    field,
    useAnnotations,
    verification,
    rules: faults.length > 0 ? stopped(faults) : rules,
  }
}

function remarkPullRequest({ method, pullRequest }: WriteBackConfig): void {
  if (!pullRequest || method?.text === 'git' || method?.text.startsWith('git:')) return
  pullRequest.field.remark(
    'warning',
    'without the write-back method git there is no pull request: the Application itself is changed',
    'Set method to git, or remove pullRequest',
  )
}
