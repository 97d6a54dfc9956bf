import { absurdAnnotations } from '../absurd-annotations.ts'
import { ANNOTATION_PREFIX, isControl } from '../annotation-keys.ts'
import { type AnnotatedObject, readAnnotationRules, stops } from '../annotations.ts'
import { readControls } from '../controls.ts'
import { readingOf, type SettingProblem } from '../read-setting.ts'
import { NOTHING_MORE, type RulePermissions } from '../rule-permissions.ts'
import { unreadKeys } from '../unread-keys.ts'
import type { RuleOrigin, RuleProblem, RuleSet, UpdateRule } from '../update-rule.ts'
import { type Annotations, mergeSettings, writtenSettings } from '../written-settings.ts'
import type { ApplicationRef, ImageUpdater } from './image-updater.ts'
import { verificationProblem } from './images-verification.ts'
import type { Labels } from './label-selector.ts'

/** As much of an Application as its rules depend on. */
export interface RuledApplication extends AnnotatedObject {
  readonly metadata: AnnotatedObject['metadata'] & { readonly labels?: Labels }
}

/** A resource that matches an Application, and its item that does. */
export interface Match {
  readonly imageUpdater: ImageUpdater
  readonly ref: ApplicationRef
}

/**
 * The rules of one Application: those of the most specific ImageUpdater that matches it, or its own
 * annotations where none does or the resource says `useAnnotations`. Never both, and what is passed over is
 * told.
 */
export function readApplicationRules(
  application: RuledApplication,
  imageUpdaters: readonly ImageUpdater[],
  permissions: RulePermissions = NOTHING_MORE,
): RuleSet {
  const [match, ...others] = matchesOf(application, imageUpdaters)
  if (match === undefined) return readAnnotationRules(application, permissions)
  const told = others.map((other) => passedOver(application, match, other))
  const { rules, problems } = match.ref.useAnnotations
    ? annotationRules(application, match.ref, permissions)
    : resourceRules(application, match)
  return { problems: [...told, ...problems], rules }
}

/** Whether any resource is about the Application, with rules of its own or with `useAnnotations`. */
export function isMatched(application: RuledApplication, imageUpdaters: readonly ImageUpdater[]): boolean {
  return matchesOf(application, imageUpdaters).length > 0
}

/** At most one a resource, the one to use first: by specificity, then by the name of the resource. */
export function matchesOf({ metadata }: RuledApplication, imageUpdaters: readonly ImageUpdater[]): Match[] {
  const { name, namespace = '' } = metadata
  const labels = metadata.labels ?? {}
  return imageUpdaters
    .filter((imageUpdater) => imageUpdater.namespace === namespace)
    .flatMap((imageUpdater) => {
      const ref = imageUpdater.applicationRefs.find((candidate) => candidate.matches(name, labels))
      return ref ? [{ imageUpdater, ref }] : []
    })
    .toSorted(
      (a, b) => b.ref.specificity - a.ref.specificity || (a.imageUpdater.name < b.imageUpdater.name ? -1 : 1),
    )
}

function annotationRules(
  application: RuledApplication,
  ref: ApplicationRef,
  permissions: RulePermissions,
): RuleSet {
  if (ref.rules.problems.length > 0) return ref.rules
  const { rules, problems } = readAnnotationRules(application, permissions)
  const unverified = rules.flatMap((rule) => verificationProblem(ref.verification, rule) ?? [])
  return { problems: [...problems, ...unverified], rules: unverified.length > 0 ? [] : rules }
}

/** Annotations make no rules here, but those that protect images from updates are heeded all the same. */
function resourceRules({ metadata }: RuledApplication, { imageUpdater, ref }: Match): RuleSet {
  const { name, namespace } = metadata
  const annotations = metadata.annotations ?? {}
  const origin: RuleOrigin = { kind: 'annotation', object: namespace ? `${namespace}/${name}` : name }
  const absurd = absurdAnnotations(annotations, origin)
  if (absurd.length > 0) return { problems: absurd, rules: [] }
  const aliases = ref.rules.rules.map(({ alias }) => alias)
  const protection = unreadKeys(annotations, aliases, origin).filter(({ severity }) => severity === 'error')
  const controlled = ref.rules.rules.map((rule) => withControls(rule, annotations, origin))
  const problems = [...protection, ...controlled.flatMap((result) => result.problems)]
  const rules = controlled
    .map(({ rule }) => rule)
    .filter(({ alias }) => !problems.some((problem) => stops(problem, alias)))
  const unread = Object.keys(annotations).find((key) => isRule(key, aliases))
  if (unread === undefined) return { problems: [...ref.rules.problems, ...problems], rules }
  const overlooked: RuleProblem = {
    severity: 'warning',
    code: 'two-rule-sources',
    origin,
    alias: '',
    key: unread.slice(ANNOTATION_PREFIX.length),
    value: annotations[unread] ?? '',
    problem: `ImageUpdater ${imageUpdater.origin.object} has the rules for this Application, so its annotations are not read`,
    remedy: `Remove the annotations, or set ${ref.field}.useAnnotations to true`,
  }
  return { problems: [overlooked, ...ref.rules.problems, ...problems], rules }
}

/** What the Application's annotations want respected, also where its rules come from a resource. */
function withControls(
  rule: UpdateRule,
  annotations: Annotations,
  origin: RuleOrigin,
): { readonly rule: UpdateRule; readonly problems: readonly RuleProblem[] } {
  const settings = mergeSettings(writtenSettings(annotations, ''), writtenSettings(annotations, rule.alias))
  const found: SettingProblem[] = []
  const controls = readControls(settings, readingOf(settings, found))
  const problems = found.map((problem): RuleProblem => ({ origin, alias: rule.alias, ...problem }))
  return { problems, rule: { ...rule, controls } }
}

function isRule(annotation: string, aliases: readonly string[]): boolean {
  if (!annotation.startsWith(ANNOTATION_PREFIX)) return false
  const key = annotation.slice(ANNOTATION_PREFIX.length)
  const settings = [
    key,
    ...aliases.map((alias) => (key.startsWith(`${alias}.`) ? key.slice(alias.length + 1) : '')),
  ]
  return !settings.some(isControl)
}

function passedOver({ metadata }: RuledApplication, used: Match, other: Match): RuleProblem {
  const { name, namespace } = metadata
  const tie = used.ref.specificity === other.ref.specificity
  const why = tie ? 'as specific, but later by its name' : 'less specific'
  return {
    severity: 'warning',
    code: 'several-image-updaters',
    origin: used.imageUpdater.origin,
    alias: '',
    key: `${used.ref.field}.namePattern`,
    value: used.ref.namePattern,
    problem: `Application ${namespace}/${name} is also matched by ImageUpdater ${other.imageUpdater.origin.object} (${other.ref.namePattern}), which is ${why} and not used`,
    remedy: 'Narrow the name patterns or label selectors until one resource matches',
  }
}
