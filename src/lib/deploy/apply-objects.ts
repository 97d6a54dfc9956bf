import type { FieldChange } from '../application/field-change.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { type ClusterClient, ClusterError, type DryRun } from '../cluster/client.ts'
import { isNotFound, NO_SUCH_RESOURCE_TYPE } from '../cluster/status-error.ts'
import { UserError } from '../errors.ts'
import { changedFields } from './changed-fields.ts'
import { objectPath } from './object-path.ts'

/** What applying an object will do. */
export interface PlannedApply {
  readonly object: KubernetesObject
  readonly step: 'create' | 'configure' | 'leave'
  /** Of `configure`: the fields that become others. */
  readonly fields: readonly FieldChange[]
}

/** The API server, as far as it is applied to. */
export type ApplyingClient = Pick<ClusterClient, 'apply' | 'get'>

/** An object of somebody else, or one that needs what the cluster has not. */
export class ApplyError extends UserError {}

/**
 * What applying the objects would do, as the API server itself says by a dry run: nothing is written, and what it
 * will refuse is known before anything is.
 *
 * @throws ApplyError, ClusterError
 */
export async function planApply(
  client: ApplyingClient,
  objects: readonly KubernetesObject[],
  force: boolean,
): Promise<PlannedApply[]> {
  const plans: PlannedApply[] = []
  let namespaceIsNew = false
  for (const object of objects) {
    const live = await find(client, object)
    // In a namespace that is not there yet even a dry run has no place.
    if (!namespaceIsNew || object.metadata.namespace === undefined) {
      const applied = await applyOne(client, object, { dryRun: true, force })
      const fields = live ? changedFields(live, applied) : []
      plans.push({ fields, object, step: live ? (fields.length > 0 ? 'configure' : 'leave') : 'create' })
    } else plans.push({ fields: [], object, step: 'create' })
    namespaceIsNew ||= object.kind === 'Namespace' && live === undefined
  }
  return plans
}

/** Applies one object and returns it as it is then; with a dry run, as it would be. @throws ApplyError, ClusterError */
export async function applyPlanned(
  client: ApplyingClient,
  { object }: PlannedApply,
  { dryRun, force }: { readonly dryRun: DryRun; readonly force: boolean },
): Promise<KubernetesObject> {
  return dryRun === 'none' ? applyOne(client, object, { force }) : object
}

async function find(client: ApplyingClient, object: KubernetesObject): Promise<KubernetesObject | undefined> {
  try {
    return await client.get(objectPath(object))
  } catch (error) {
    if (error instanceof ClusterError && error.reason === NO_SUCH_RESOURCE_TYPE)
      throw typeMissing(object, error)
    if (isNotFound(error)) return undefined
    throw error
  }
}

async function applyOne(
  client: ApplyingClient,
  object: KubernetesObject,
  options: { readonly dryRun?: boolean; readonly force: boolean },
): Promise<KubernetesObject> {
  const title = `${object.kind} ${object.metadata.name}`
  try {
    return await client.apply(objectPath(object), object, options)
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    if (error.status === 409) {
      throw new ApplyError(
        `${title}: ${error.message}`,
        'Leave it to whoever set these fields, or take them over with --force-conflicts',
        { cause: error },
      )
    }
    if (error.reason === NO_SUCH_RESOURCE_TYPE) throw typeMissing(object, error)
    if (error.status !== 403) throw error
    throw new ApplyError(
      `${title}: ${error.message}`,
      'Have it applied by whoever may: without --apply it is printed. A role can only be given by who has its rights',
      { cause: error },
    )
  }
}

function typeMissing({ kind }: KubernetesObject, cause: ClusterError): ApplyError {
  const remedy =
    kind === 'PodMonitor'
      ? 'Install the Prometheus operator, or leave out --pod-monitor'
      : 'Print it without --apply, for a cluster that has the type'
  return new ApplyError(`the cluster does not know ${kind}: ${cause.message}`, remedy, { cause })
}
