import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { type InClusterWatch, shardName, type WatchShard } from './in-cluster-watch.ts'
import { objectMetadata, shardLabels } from './labels.ts'
import { podTemplate } from './pod.ts'

/** The Deployment of a shard. */
export function deployment(watch: InClusterWatch, shard: WatchShard): KubernetesObject {
  const metadata = objectMetadata(watch, shardName(watch, shard))
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...metadata, labels: { ...metadata.labels, ...shardLabels(watch, shard) } },
    spec: {
      replicas: watch.replicas,
      revisionHistoryLimit: 3,
      // The Lease sees to it that the old Pods and the new do not write both.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: shardLabels(watch, shard) },
      template: podTemplate(watch, shard),
    },
  }
}

/** Lets a node be drained without leaving nobody; none where there is a single Pod, which nothing could move then. */
export function disruptionBudget(watch: InClusterWatch, shard: WatchShard): KubernetesObject[] {
  if (watch.replicas < 2) return []
  return [
    {
      apiVersion: watch.budgetVersion,
      kind: 'PodDisruptionBudget',
      metadata: objectMetadata(watch, shardName(watch, shard)),
      spec: { maxUnavailable: 1, selector: { matchLabels: shardLabels(watch, shard) } },
    },
  ]
}
