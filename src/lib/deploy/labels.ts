import type { InClusterWatch, WatchShard } from './in-cluster-watch.ts'

type Labels = Readonly<Record<string, string>>

const SHARD = 'kubectl-image-updater/shard'

/** By which the Pods of all shards are found. They never change, since a Deployment's selector cannot. */
export function selectorLabels({ name }: Pick<InClusterWatch, 'name'>): Labels {
  return { 'app.kubernetes.io/name': 'kubectl-image-updater', 'app.kubernetes.io/instance': name }
}

/** By which the Pods of one shard are found. */
export function shardLabels(watch: Pick<InClusterWatch, 'name'>, { name }: Pick<WatchShard, 'name'>): Labels {
  return { ...selectorLabels(watch), ...(name !== '' && { [SHARD]: name }) }
}

/** What every object carries. */
export function objectLabels(watch: Pick<InClusterWatch, 'name' | 'version'>): Labels {
  return {
    ...selectorLabels(watch),
    'app.kubernetes.io/component': 'watch',
    'app.kubernetes.io/version': watch.version,
  }
}

/** Name, namespace and labels of an object of the watch, in its own namespace unless another is named. */
export function objectMetadata(watch: InClusterWatch, name = watch.name, namespace = watch.namespace) {
  return { name, ...(namespace !== '' && { namespace }), labels: objectLabels(watch) }
}
