import type { KubernetesObject } from '../application/kubernetes-object.ts'
import type { InClusterWatch } from './in-cluster-watch.ts'
import { objectMetadata, selectorLabels } from './labels.ts'

/** Under which name the metrics of every Pod are found. It has no address of its own: each Pod is asked for itself. */
export function metricsService(watch: InClusterWatch): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: objectMetadata(watch, `${watch.name}-metrics`),
    spec: {
      clusterIP: 'None',
      selector: selectorLabels(watch),
      ports: [{ name: 'metrics', port: watch.metricsPort, targetPort: 'metrics', protocol: 'TCP' }],
    },
  }
}

/** For the Prometheus operator. */
export function podMonitor(watch: InClusterWatch): KubernetesObject[] {
  if (!watch.podMonitor) return []
  return [
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PodMonitor',
      metadata: objectMetadata(watch),
      spec: {
        selector: { matchLabels: selectorLabels(watch) },
        podMetricsEndpoints: [{ port: 'metrics', path: '/metrics' }],
      },
    },
  ]
}
