import type { Application } from '../application/application.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { UserError } from '../errors.ts'
import { type Match, matchesOf, readApplicationRules } from '../rules/image-updater/application-rules.ts'
import { objectName } from '../rules/migrate/carried-rules.ts'
import { type ReadResource, readResource } from '../rules/migrate/from-resource.ts'
import { ruleAnnotations } from '../rules/migrate/rule-annotations.ts'
import type { RuleAnswers } from '../rules/rule-answers.ts'
import type { RuleProblem, UpdateRule } from '../rules/update-rule.ts'
import { specWithImage } from '../rules/write-image-updater.ts'
import { imageUpdaterObject, type NamespaceMigration } from './migrate-to-resource.ts'

/** A rule that an ImageUpdater would have for an Application. */
export interface ResourceRule {
  readonly application: Application
  readonly rule: UpdateRule
  /** What a reader of the result would be warned of. */
  readonly warnings: readonly RuleProblem[]
}

/** What would be written, and which Applications cannot have their rule there. */
export interface ResourceAnnotation {
  readonly namespaces: readonly NamespaceMigration[]
  readonly rules: readonly ResourceRule[]
  readonly refusals: readonly UserError[]
}

/** The application's rule cannot be put into this resource. */
export class ResourceRefusedError extends UserError {}

/**
 * Plans the rule of one image of each Application in the ImageUpdater called `name` of its namespace, which
 * is made where there is none. Other images, items and settings of it stay as they are. What would change
 * whose rules count for an Application is refused. Each rule is read back.
 *
 * @param objects all ImageUpdaters of the Applications' namespaces
 */
export function annotateResource(
  applications: readonly Application[],
  objects: readonly KubernetesObject[],
  name: string,
  answers: RuleAnswers,
): ResourceAnnotation {
  const rules: ResourceRule[] = []
  const refusals: UserError[] = []
  const byNamespace = Map.groupBy(applications, ({ metadata }) => metadata.namespace ?? '')
  const namespaces = [...byNamespace].flatMap(([namespace, members]): NamespaceMigration[] => {
    const own = objects.filter(({ metadata }) => (metadata.namespace ?? '') === namespace)
    const existing = own.find(({ metadata }) => metadata.name === name)
    const others = own.filter((object) => object !== existing).map(readResource)
    let current: ReadResource | undefined = existing && readResource(existing)
    const added: Application[] = []
    for (const application of members) {
      try {
        const there = [...others, ...(current ? [current] : [])]
        const place = placeOf(application, there, name)
        const spec = specWithImage(current?.object.spec, place, application.metadata.name, answers)
        const next = readResource(imageUpdaterObject(namespace, name, spec))
        rules.push(readBack(application, [...others, next], answers.alias))
        current = next
        added.push(application)
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        refusals.push(new UserError(`${application.metadata.name}: ${error.message}`, error.remedy))
      }
    }
    if (!current || added.length === 0) return []
    const object = current.object as NamespaceMigration['object']
    return [{ namespace, object, applications: added, ...(existing && { existing }) }]
  })
  return { namespaces, rules, refusals }
}

/**
 * The item of the resource called `name` that is about this Application alone; undefined where one may be
 * added.
 *
 * @throws ResourceRefusedError where other rules would no longer count, or these would not
 */
function placeOf(
  application: Application,
  resources: readonly ReadResource[],
  name: string,
): number | undefined {
  const [match] = matchesOf(
    application,
    resources.map(({ imageUpdater }) => imageUpdater),
  )
  if (match === undefined) {
    const [annotation] = ruleAnnotations(application.metadata.annotations)
    if (annotation === undefined) return undefined
    throw new ResourceRefusedError(
      `its rules are annotations (${annotation}), which are not read beside an ImageUpdater`,
      `Run migrate --name ${name} --apply first, or leave --image-updater out`,
    )
  }
  refuseElsewhere(match, application, name)
  return Number(/\d+/.exec(match.ref.field)?.[0])
}

function refuseElsewhere({ imageUpdater, ref }: Match, { metadata }: Application, name: string): void {
  const { object } = imageUpdater.origin
  if (imageUpdater.name !== name) {
    throw new ResourceRefusedError(
      `ImageUpdater ${object} has its rules (${ref.namePattern}), and two resources for one Application overwrite each other`,
      `Use --image-updater ${imageUpdater.name}`,
    )
  }
  if (ref.useAnnotations) {
    throw new ResourceRefusedError(
      `ImageUpdater ${object} says useAnnotations for it, so rules of the resource are ignored`,
      'Leave --image-updater out',
    )
  }
  if (ref.namePattern === metadata.name) return
  throw new ResourceRefusedError(
    `ImageUpdater ${object} has its rules for ${ref.namePattern}, and an item for ${metadata.name} alone would replace them all`,
    `Edit ${ref.field} of ImageUpdater ${object}`,
  )
}

function readBack(application: Application, resources: readonly ReadResource[], alias: string): ResourceRule {
  const { problems, rules } = readApplicationRules(
    application,
    resources.map(({ imageUpdater }) => imageUpdater),
  )
  const rule = rules.find((candidate) => candidate.alias === alias)
  const ours = problems.filter((problem) => problem.alias === alias || problem.alias === '')
  if (rule) return { application, rule, warnings: ours.filter(({ severity }) => severity === 'warning') }
  const error = ours.find(({ severity }) => severity === 'error')
  throw new ResourceRefusedError(
    `the rule for "${alias}" would not work: ${error?.key ?? 'images'}: ${error?.problem ?? 'it cannot be read'}`,
    error?.remedy,
  )
}

/**
 * That an ImageUpdater has the rules of an Application, so that annotations of it would not be read; none where
 * they would.
 *
 * @param alias of the image whose rule is about to be written
 */
export function shadowProblems(
  application: Application,
  objects: readonly KubernetesObject[],
  alias: string,
): RuleProblem[] {
  const [match] = matchesOf(
    application,
    objects.map((object) => readResource(object).imageUpdater),
  )
  if (match === undefined || match.ref.useAnnotations) return []
  const { name, namespace = '' } = application.metadata
  const { imageUpdater } = match
  return [
    {
      severity: 'warning',
      code: 'two-rule-sources',
      origin: { kind: 'annotation', object: objectName(namespace, name) },
      alias,
      key: 'image-list',
      value: alias,
      problem: `ImageUpdater ${imageUpdater.origin.object} has the rules for this Application, so its annotations are not read`,
      remedy: `Use --image-updater ${imageUpdater.name}`,
    },
  ]
}
