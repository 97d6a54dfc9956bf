import type { Application } from '../application/application.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { type ApplicationSelection, listApplications } from '../cluster/applications.ts'
import type { ClusterClient } from '../cluster/client.ts'
import { listImageUpdaters } from '../cluster/image-updaters.ts'
import { UserError } from '../errors.ts'

/** What a migration starts from. */
export interface MigrationMaterial {
  readonly applications: readonly Application[]
  readonly imageUpdaters: readonly KubernetesObject[]
  /** Applications that were named and are not there, or cannot be read. */
  readonly problems: readonly UserError[]
}

/**
 * Reads the selected Applications and all ImageUpdaters beside them.
 *
 * @throws UserError where ImageUpdaters cannot be read: whose rules count could not be told.
 */
export async function loadMigration(
  cluster: ClusterClient,
  selection: ApplicationSelection,
): Promise<MigrationMaterial> {
  const { objects: applications, problems } = await listApplications(cluster, selection)
  const namespaces = new Set(applications.map(({ metadata }) => metadata.namespace ?? ''))
  const { objects, problems: unread } = await listImageUpdaters(
    cluster,
    cluster.target.namespace === '' && namespaces.size > 0 ? [''] : [...namespaces],
  )
  const [first] = unread
  if (first) throw new UserError(first.problem, first.remedy)
  const leaving = objects.find(({ metadata }) => metadata['deletionTimestamp'])
  if (leaving) {
    const { name, namespace } = leaving.metadata
    throw new UserError(
      `ImageUpdater ${namespace}/${name} is being deleted, so whose rules count is about to change`,
      'Wait until it is gone',
    )
  }
  return {
    applications,
    imageUpdaters: objects,
    problems: problems.map(({ problem, remedy }) => new UserError(problem, remedy)),
  }
}
