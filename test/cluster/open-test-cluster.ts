import { onTestFinished } from 'vitest'
import type { ConnectionFlags } from '../../src/lib/cluster/connection-flags.ts'
import type { KubernetesClient } from '../../src/lib/cluster/kubernetes-client.ts'
import { type ClusterOptions, openCluster } from '../../src/lib/cluster/open-cluster.ts'

/** A client as the commands open it, with an environment of its own; closed when the test ends. */
export async function openTestCluster(
  flags: ConnectionFlags,
  options: Partial<ClusterOptions> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<KubernetesClient> {
  const namespace = flags.namespace ?? 'argocd'
  const settled = { version: '1.2.3', stdinIsTerminal: false, ...options }
  const client = await openCluster({ namespace, ...flags }, env, settled)
  onTestFinished(() => client.close())
  return client
}
