import type { ConnectionFlags, Surroundings } from './connection-flags.ts'
import { loadKubeconfig } from './load-kubeconfig.ts'

/**
 * Registries (`host:port`) that the operator's own kubeconfig says are asked over plain http, for the
 * cluster that the flags choose. Nothing a cluster answers can add to them.
 */
export async function operatorRegistries(
  flags: ConnectionFlags,
  env: Surroundings['env'],
  platform: NodeJS.Platform = process.platform,
): Promise<readonly string[]> {
  const kubeconfig = await loadKubeconfig(flags, env, platform)
  const context = kubeconfig.contexts.get(flags.context || kubeconfig.currentContext)
  return kubeconfig.clusters.get(flags.cluster || (context?.cluster ?? ''))?.plainHttpRegistries ?? []
}
