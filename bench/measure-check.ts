import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkImages } from '../src/lib/engine/check.ts'
import { type CheckedImage, isUpdatable } from '../src/lib/engine/checked-image.ts'
import { manageImages } from '../src/lib/engine/managed-image.ts'
import { openRegistryAccess } from '../src/lib/registry/access.ts'
import { type Clock, systemClock } from '../src/lib/registry/clock.ts'
import { readAnnotationRules } from '../src/lib/rules/annotations.ts'
import { planApplications } from './applications.ts'
import type { BenchRegistry } from './bench-registry.ts'
import { engineOn } from './engine-on-registry.ts'
import { measure } from './measurement.ts'
import type { Result } from './results.ts'
import { type MeasuredStrategy, PASSES, type Scale, tagName } from './workload.ts'

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
  let context = engineOn(open())
  try {
    for (const pass of PASSES) {
      if (pass === 'next cycle') context.newCycle()
      if (pass === 'next run') {
        await context.close()
        context = engineOn(open())
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
