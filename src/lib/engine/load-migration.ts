import type { Application } from '../application/application.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import type { ApplicationSelection } from '../cluster/applications.ts'
import { UserError } from '../errors.ts'
import type { ApplicationStore } from './application-store.ts'

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
  store: ApplicationStore,
  selection: ApplicationSelection,
): Promise<MigrationMaterial> {
  const { objects: applications, problems } = await store.list(selection)
  const imageUpdaters = await loadWritableImageUpdaters(store, applications)
  return {
    applications,
    imageUpdaters,
    problems: problems.map(({ problem, remedy }) => new UserError(problem, remedy)),
  }
}

/**
 * All ImageUpdaters of the Applications' namespaces, for who wants to change one.
 *
 * @throws UserError where they cannot be read, or one is being deleted: whose rules count could not be told.
 */
export async function loadWritableImageUpdaters(
  store: ApplicationStore,
  applications: readonly Application[],
): Promise<readonly KubernetesObject[]> {
  const namespaces = new Set(applications.map(({ metadata }) => metadata.namespace ?? ''))
  const { objects, problems: unread } = await store.imageUpdaters([...namespaces])
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
  return objects
}
