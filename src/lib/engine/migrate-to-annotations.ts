import type { Application } from '../application/application.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { readAnnotationRules } from '../rules/annotations.ts'
import { type Loss, objectName } from '../rules/migrate/carried-rules.ts'
import { carryResource, readResource } from '../rules/migrate/from-resource.ts'
import { ruleAnnotations, unprotected } from '../rules/migrate/rule-annotations.ts'
import { differingImages } from '../rules/migrate/same-rules.ts'
import { writeRuleAnnotations } from '../rules/migrate/to-annotations.ts'
import { type AnnotationDifference, annotatedObject } from '../writeback/annotation-write.ts'

/** What becomes of the rules that a resource has for one Application. */
export interface AnnotationMigration {
  readonly application: Application
  readonly difference: AnnotationDifference
  /** `argocd/shops`, which beats the annotations as long as it matches. */
  readonly resource: string
}

export interface AnnotationsMigration {
  readonly applications: readonly AnnotationMigration[]
  readonly losses: readonly Loss[]
  readonly notes: readonly string[]
}

/**
 * Plans the annotations of each Application that has its rules from a resource. They are read back: an image
 * whose rule they would not read the same is a loss.
 *
 * @param objects all ImageUpdaters of the Applications' namespaces
 */
export function planAnnotations(
  applications: readonly Application[],
  objects: readonly KubernetesObject[],
): AnnotationsMigration {
  const resources = objects.map(readResource)
  const losses: Loss[] = []
  const notes: string[] = []
  const planned: AnnotationMigration[] = []
  for (const application of applications) {
    const carried = carryResource(application, resources)
    if (!carried) continue
    losses.push(...carried.losses)
    if (!carried.rules) continue
    const { annotations, losses: unsaid } = writeRuleAnnotations(carried.rules)
    losses.push(...unsaid)
    if (Object.keys(annotations).length === 0) continue
    const before = application.metadata.annotations ?? {}
    const difference: AnnotationDifference = {
      set: Object.fromEntries(Object.entries(annotations).filter(([name, text]) => before[name] !== text)),
      remove: ruleAnnotations(before).filter((name) => !Object.hasOwn(annotations, name)),
    }
    const { rules } = readAnnotationRules(unprotected(annotatedObject(application, difference)))
    losses.push(...differingImages(carried.rules, rules, losses))
    const { origin } = carried.resource.imageUpdater
    if (difference.remove.length > 0) {
      const { name, namespace = '' } = application.metadata
      notes.push(
        `${objectName(namespace, name)}: annotations that were not read, because ${origin.object} has the rules, are taken away`,
      )
    }
    planned.push({ application, difference, resource: origin.object })
  }
  return { applications: planned, losses, notes }
}
