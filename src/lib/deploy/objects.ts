import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { rolesWithBindings, serviceAccount } from './access.ts'
import { configMap } from './config-map.ts'
import { deployment, disruptionBudget } from './deployment.ts'
import type { InClusterWatch } from './in-cluster-watch.ts'
import { metricsService, podMonitor } from './monitoring.ts'
import { networkPolicy } from './network-policy.ts'

/** All objects of a watch, in the order in which they can be applied: what Pods need comes before them. */
export function watchObjects(watch: InClusterWatch): KubernetesObject[] {
  return [
    ...namespaceObject(watch),
    serviceAccount(watch),
    ...rolesWithBindings(watch),
    ...configMap(watch),
    ...networkPolicy(watch),
    metricsService(watch),
    ...podMonitor(watch),
    ...watch.shards.flatMap((shard) => [...disruptionBudget(watch, shard), deployment(watch, shard)]),
  ]
}

function namespaceObject({ createNamespace, namespace }: InClusterWatch): KubernetesObject[] {
  if (!createNamespace) return []
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' }
  return [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }]
}
