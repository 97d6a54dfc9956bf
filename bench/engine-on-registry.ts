import { ClusterApplications } from '../src/lib/engine/cluster-applications.ts'
import type { EngineContext } from '../src/lib/engine/context.ts'
import { DateMemory } from '../src/lib/engine/date-memory.ts'
import type { RegistryAccess } from '../src/lib/registry/registry.ts'

const CONCURRENCY = 16

/** An engine on a registry alone. */
export function engineOn(registry: RegistryAccess): EngineContext {
  const unneeded = () =>
    Promise.reject(new Error('a check of given Applications writes and reads no cluster'))
  return {
    registry,
    // No rule here asks for an age.
    sightings: { save: async () => {}, sighted: async (_repository, _tag, _digest, now) => now },
    scopeOf: () => undefined,
    allowCrossNamespaceSecrets: false,
    dates: new DateMemory(),
    git: undefined,
    concurrency: CONCURRENCY,
    now: () => new Date(),
    projectOf: () => undefined,
    newCycle: () => registry.newCycle(),
    forgetWorkloads: () => {},
    workloadsOf: async () => ({
      client: undefined,
      pods: [],
      problem: 'the benchmark has no Pods',
      workloads: [],
    }),
    close: () => registry.close(),
    cluster: undefined,
    applications: new ClusterApplications({
      target: { context: '', server: '', namespace: 'argocd', namespaceSource: 'default argocd' },
      get: unneeded,
      list: unneeded,
      serves: unneeded,
      create: unneeded,
      jsonPatch: unneeded,
      mergePatch: unneeded,
      strategicMergePatch: unneeded,
      replace: unneeded,
      apply: unneeded,
      watch: () => {
        throw new Error('the benchmark watches nothing')
      },
      warnings: new Set(),
      close: async () => {},
    }),
  }
}
