import type { KubernetesObject } from '../application/kubernetes-object.ts'
import type { InClusterWatch } from './in-cluster-watch.ts'
import { objectMetadata, selectorLabels } from './labels.ts'

const DNS = 53

/**
 * In: the port of metrics and probes. Out: DNS, and the ports of API server, registries and git servers, to any
 * address, since a NetworkPolicy knows no names of hosts.
 */
export function networkPolicy(watch: InClusterWatch): KubernetesObject[] {
  const { egressPorts } = watch
  if (!egressPorts) return []
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: objectMetadata(watch),
      spec: {
        podSelector: { matchLabels: selectorLabels(watch) },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ ports: [{ port: 'metrics', protocol: 'TCP' }] }],
        egress: [
          { ports: ['UDP', 'TCP'].map((protocol) => ({ port: DNS, protocol })) },
          { ports: egressPorts.map((port) => ({ port, protocol: 'TCP' })) },
        ],
      },
    },
  ]
}
