import type { KubernetesObject } from '../application/kubernetes-object.ts'
import type { ClusterClient } from '../cluster/client.ts'
import type { InClusterWatch } from './in-cluster-watch.ts'
import { shardName } from './in-cluster-watch.ts'
import { selectorLabels } from './labels.ts'

/**
 * Deployments of the same watch that are none of its shards any more, and still run.
 *
 * @throws ClusterError
 */
export async function leftOverDeployments(
  client: Pick<ClusterClient, 'list'>,
  watch: InClusterWatch,
): Promise<readonly KubernetesObject[]> {
  const labelSelector = Object.entries(selectorLabels(watch))
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  const path = { group: 'apps', version: 'v1', resource: 'deployments', namespace: watch.namespace }
  const wanted = new Set(watch.shards.map((shard) => shardName(watch, shard)))
  const found = await client.list(path, { labelSelector })
  return found.filter(({ metadata }) => !wanted.has(metadata.name))
}
