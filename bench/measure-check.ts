import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkImages } from '../src/lib/engine/check.ts'
import { type CheckedImage, isUpdatable } from '../src/lib/engine/checked-image.ts'
import { ClusterApplications } from '../src/lib/engine/cluster-applications.ts'
import type { EngineContext } from '../src/lib/engine/context.ts'
import { DateMemory } from '../src/lib/engine/date-memory.ts'
import { manageImages } from '../src/lib/engine/managed-image.ts'
import { openRegistryAccess } from '../src/lib/registry/access.ts'
import { type Clock, systemClock } from '../src/lib/registry/clock.ts'
import type { RegistryAccess } from '../src/lib/registry/registry.ts'
import { readAnnotationRules } from '../src/lib/rules/annotations.ts'
import { planApplications } from './applications.ts'
import type { BenchRegistry } from './bench-registry.ts'
import { measure } from './measurement.ts'
import type { Result } from './results.ts'
import { type MeasuredStrategy, PASSES, type Scale, tagName } from './workload.ts'

const CONCURRENCY = 16

/** Waits for nothing but time-outs, which alone can be called off: the limit of requests a second is left out. */
const unlimited: Clock = {
  ...systemClock,
  sleep: async (milliseconds, signal) => {
    if (signal) await systemClock.sleep(milliseconds, signal)
  },
}

/**
 * Measures this program's own check of all Applications: from Applications as the cluster sends them to rows
 * with their planned writes.
 * @throws Error when a row is not an update to the newest tag
 */
export async function measureCheck(
  registry: BenchRegistry,
  strategy: MeasuredStrategy,
  scale: Scale,
): Promise<Result[]> {
  const applications = planApplications(registry.host, strategy, scale)
  const cacheDir = await mkdtemp(join(tmpdir(), 'kubectl-image-updater-bench-'))
  const open = () =>
    openRegistryAccess({
      userAgent: 'kubectl-image-updater/bench',
      env: {},
      cacheDir,
      plainHttpHosts: [registry.host],
      clock: unlimited,
    })
  const results: Result[] = []
  let context = contextOf(open())
  try {
    for (const pass of PASSES) {
      if (pass === 'next cycle') context.newCycle()
      if (pass === 'next run') {
        await context.close()
        context = contextOf(open())
      }
      const measurement = await measure(async () => {
        const { images } = manageImages(applications, readAnnotationRules)
        verify(await checkImages(context, images), scale)
      }, registry)
      results.push({ client: 'check', strategy, pass, measurement })
    }
  } finally {
    await context.close()
    await rm(cacheDir, { recursive: true, force: true })
  }
  return results
}

/** An engine on a registry alone. */
function contextOf(registry: RegistryAccess): EngineContext {
  const unneeded = () =>
    Promise.reject(new Error('a check of given Applications writes and reads no cluster'))
  return {
    registry,
    // No rule here asks for an age.
    sightings: { save: async () => {}, sighted: async (_repository, _tag, _digest, now) => now },
    scopeOf: () => undefined,
    allowCrossNamespaceSecrets: false,
    dates: new DateMemory(),
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
      watch: () => {
        throw new Error('the benchmark watches nothing')
      },
      warnings: new Set(),
      close: async () => {},
    }),
  }
}

function verify(rows: readonly CheckedImage[], scale: Scale): void {
  if (rows.length !== scale.applications) throw new Error(`${rows.length} rows`)
  const newest = tagName(scale.tags - 1)
  for (const row of rows) {
    if (row.state === 'failed') throw row.error
    if (!isUpdatable(row) || row.decision.target.tag !== newest) {
      throw new Error(`the check of ${row.key} selects another tag: ${JSON.stringify(row.decision)}`)
    }
  }
}
