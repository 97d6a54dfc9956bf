import type { Application } from '../application/application.ts'
import type { LeaseName } from '../cluster/leases.ts'
import { identityText } from '../cluster/operator-identity.ts'
import { isMatched } from '../rules/image-updater/application-rules.ts'
import type { ImageUpdater } from '../rules/image-updater/image-updater.ts'
import type { EngineContext } from './context.ts'
import { controllerFindings, findControllers } from './lint/controllers.ts'
import { WATCH_LEASE } from './watch-lease.ts'
import { whoWatches } from './who-watches.ts'

/**
 * Who else acts on the rules of these Applications: a running argocd-image-updater, another watch that holds
 * the Lease. To be said before anything is written, with the way out. What may not be read is passed over.
 *
 * @param own the Lease this program waits for itself, so that whoever holds that is no rival
 * @returns one line each
 */
export async function rivalWarnings(
  { cluster, now }: Pick<EngineContext, 'cluster' | 'now'>,
  applications: readonly Application[],
  imageUpdaters: readonly ImageUpdater[],
  own?: LeaseName,
): Promise<string[]> {
  if (!cluster || applications.length === 0) return []
  const namespaces = [...new Set(applications.map(({ metadata }) => metadata.namespace ?? ''))]
  const [controllers, holders] = await Promise.all([
    findControllers(cluster, namespaces),
    Promise.all(
      namespaces
        .map((namespace) => ({ name: WATCH_LEASE, namespace }))
        .filter(({ name, namespace }) => name !== own?.name || namespace !== own.namespace)
        .map((name) => whoWatches({ client: cluster, now }, name)),
    ),
  ])
  const findings = applications.flatMap((application) =>
    controllerFindings(application, controllers, isMatched(application, imageUpdaters)),
  )
  const writers = findings.filter(({ code }) => code === 'two-writers')
  return [
    ...new Set([
      ...writers.map(({ problem, remedy }) => `${problem}. ${remedy}`),
      ...holders.flatMap((holder) =>
        holder
          ? [
              `${identityText(holder.holder)} runs a watch here since ${holder.since.toISOString()}: watch --lease takes turns with it`,
            ]
          : [],
      ),
    ]),
  ]
}
