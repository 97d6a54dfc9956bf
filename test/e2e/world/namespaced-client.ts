import type { SimulationClient } from '../../../src/lib/sandbox/index.ts'

/**
 * The controllers' view of a cluster that others use too: only what is in `namespaces`. Each world has its own
 * controllers, and they leave the other worlds alone.
 */
export function namespacedClient(client: SimulationClient, namespaces: readonly string[]): SimulationClient {
  const each = <T>(work: (namespace: string) => Promise<T>) => Promise.all(namespaces.map(work))
  return {
    list: async (path, options) =>
      (await each((namespace) => client.list({ ...path, namespace }, options))).flat(),
    watch: async (path, onChange, signal) => {
      await each((namespace) => client.watch({ ...path, namespace }, onChange, signal))
    },
    create: (path, object, options) => client.create(path, object, options),
    mergePatch: (path, patch, options) => client.mergePatch(path, patch, options),
    strategicMergePatch: (path, patch, options) => client.strategicMergePatch(path, patch, options),
    remove: (path) => client.remove(path),
    close: () => client.close(),
  }
}
