import type { Application } from '../application/application.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import type { ClusterClient, DryRun } from '../cluster/client.ts'
import { imageUpdatersPath } from '../cluster/image-updaters.ts'
import { matchesOf, readApplicationRules } from '../rules/image-updater/application-rules.ts'
import { type CarriedRules, type Loss, objectName } from '../rules/migrate/carried-rules.ts'
import { carryAnnotations } from '../rules/migrate/from-annotations.ts'
import { type ReadResource, readResource } from '../rules/migrate/from-resource.ts'
import { ruleAnnotations, unannotated } from '../rules/migrate/rule-annotations.ts'
import { differingImages } from '../rules/migrate/same-rules.ts'
import { extendSpec, type ImageUpdaterSpec, writeSpec } from '../rules/migrate/to-resource.ts'
import { annotationWrite } from '../writeback/annotation-write.ts'
import { applyWrite } from '../writeback/apply.ts'
import { FIELD_MANAGER } from '../writeback/field-manager.ts'
import { resourceVersionTest } from '../writeback/resource-version.ts'
import type { ObjectWrite } from '../writeback/write.ts'
import { specFields } from './spec-fields.ts'

/** What becomes of the annotations of one namespace. */
export interface NamespaceMigration {
  readonly namespace: string
  /** The ImageUpdater as it would be. */
  readonly object: KubernetesObject & { readonly spec: ImageUpdaterSpec }
  /** As it is; absent: it would be created. */
  readonly existing?: KubernetesObject
  /** Those whose rules it holds. */
  readonly applications: readonly Application[]
}

export interface ResourceMigration {
  readonly namespaces: readonly NamespaceMigration[]
  readonly losses: readonly Loss[]
  readonly notes: readonly string[]
}

/**
 * Plans one ImageUpdater for each namespace, with the rules that the annotations of its Applications hold.
 * Each is read back: an image whose rule it would not read the same is a loss.
 *
 * @param objects all ImageUpdaters of the Applications' namespaces
 */
export function planResources(
  applications: readonly Application[],
  objects: readonly KubernetesObject[],
  name: string,
): ResourceMigration {
  const resources = objects.map(readResource)
  const byNamespace = Map.groupBy(applications, ({ metadata }) => metadata.namespace ?? '')
  const planned = [...byNamespace]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, members]) => planNamespace(namespace, members, resources, name))
  return {
    namespaces: planned.flatMap(({ migration }) => migration ?? []),
    losses: planned.flatMap(({ losses }) => losses),
    notes: planned.flatMap(({ notes }) => notes),
  }
}

function planNamespace(
  namespace: string,
  applications: readonly Application[],
  resources: readonly ReadResource[],
  name: string,
): { migration?: NamespaceMigration; losses: readonly Loss[]; notes: readonly string[] } {
  const isNamed = ({ metadata }: ReadResource['object']) =>
    metadata.namespace === namespace && metadata.name === name
  const others = resources.filter(({ object }) => !isNamed(object))
  const existing = resources.find(({ object }) => isNamed(object))?.object as KubernetesObject | undefined
  const losses: Loss[] = []
  const notes: string[] = []
  const carried: { readonly application: Application; readonly rules: CarriedRules }[] = []
  for (const application of applications) {
    if (ruleAnnotations(application.metadata.annotations).length === 0) continue
    const [match] = matchesOf(
      application,
      others.map(({ imageUpdater }) => imageUpdater),
    )
    if (match && !match.ref.useAnnotations) {
      const title = objectName(namespace, application.metadata.name)
      notes.push(`${title} has its rules from ImageUpdater ${match.imageUpdater.origin.object} already`)
      continue
    }
    const result = carryAnnotations(application)
    losses.push(...result.losses)
    notes.push(...result.notes)
    if (result.rules) carried.push({ application, rules: result.rules })
  }
  if (carried.length === 0) return { losses, notes }
  const all = carried.map(({ rules }) => rules)
  const spec = existing ? extendSpec(existing['spec'], all) : writeSpec(all)
  const object = imageUpdaterObject(namespace, name, spec)
  const after = [...others, readResource(object)].map(({ imageUpdater }) => imageUpdater)
  for (const { application, rules } of carried) {
    const read = readApplicationRules(unannotated(application), after)
    losses.push(...differingImages(rules, read.rules, losses))
  }
  const migration: NamespaceMigration = {
    namespace,
    object,
    ...(existing && { existing }),
    applications: carried.map(({ application }) => application),
  }
  return { migration, losses, notes }
}

/** An ImageUpdater with this spec and nothing else: what is created, or what is compared with the one there is. */
export function imageUpdaterObject(namespace: string, name: string, spec: ImageUpdaterSpec) {
  return {
    apiVersion: 'argocd-image-updater.argoproj.io/v1alpha1',
    kind: 'ImageUpdater',
    metadata: { name, ...(namespace && { namespace }) },
    spec,
  }
}

/** What is written to put the ImageUpdater in place; undefined when it is as it should be. */
export function resourceWrite({ namespace, object, existing }: NamespaceMigration): ObjectWrite | undefined {
  const fields = specFields(existing?.['spec'], object.spec)
  if (fields.length === 0) return undefined
  const read = existing ?? object
  return {
    fields,
    kind: 'imageupdater.argocd-image-updater.argoproj.io',
    operations: [
      ...resourceVersionTest(read),
      { op: existing?.['spec'] === undefined ? 'add' : 'replace', path: '/spec', value: object.spec },
    ],
    path: { ...imageUpdatersPath(namespace), name: object.metadata.name },
    read,
    summary: existing ? 'configure' : 'create',
  }
}

/** The writes that take the rule annotations away from the Applications, which the resource has replaced. */
export function removalWrites({ applications }: NamespaceMigration): ObjectWrite[] {
  return applications.flatMap((application) => {
    const remove = ruleAnnotations(application.metadata.annotations)
    return annotationWrite(application, { set: {}, remove }) ?? []
  })
}

/**
 * Creates or changes the ImageUpdater.
 *
 * @throws ClusterError or WriteConflict; nothing was written then.
 */
export async function applyResource(
  cluster: ClusterClient,
  { namespace, object, existing }: NamespaceMigration,
  write: ObjectWrite,
  dryRun: DryRun,
): Promise<'applied' | 'unchanged' | 'dry-run' | 'gone'> {
  if (existing) return (await applyWrite(cluster, write, { dryRun })).status
  if (dryRun === 'client') return 'dry-run'
  await cluster.create(imageUpdatersPath(namespace), object, {
    dryRun: dryRun === 'server',
    fieldManager: FIELD_MANAGER,
  })
  return dryRun === 'server' ? 'dry-run' : 'applied'
}
