/**
 * `npm run bench`: how long and how many requests one check of many Applications takes, against the cost model
 * of argocd-image-updater on the same registry in the same run.
 *
 *   --applications N --repositories N --tags N   the scale (200, 50, 500)
 *   --sample N       repositories the baseline is measured on for newest-build (10), computed for all
 */
import { parseArgs } from 'node:util'
import { createTiming } from '../test/integration/testbed/timing.ts'
import { measureBaseline } from './baseline.ts'
import { startRealRegistry } from './real-registry.ts'
import { formatResults, type Result } from './results.ts'
import { DEFAULT_SCALE, type Scale, STRATEGIES } from './workload.ts'

const { values } = parseArgs({
  options: {
    applications: { type: 'string', default: String(DEFAULT_SCALE.applications) },
    repositories: { type: 'string', default: String(DEFAULT_SCALE.repositories) },
    tags: { type: 'string', default: String(DEFAULT_SCALE.tags) },
    sample: { type: 'string', default: '10' },
  },
})
const scale: Scale = {
  applications: Number(values.applications),
  repositories: Number(values.repositories),
  tags: Number(values.tags),
}

const timing = createTiming((line) => process.stderr.write(line))
const registry = await timing.step('start and fill the registry', () =>
  startRealRegistry(scale, timing.announce),
)
try {
  const results: Result[] = []
  for (const strategy of STRATEGIES) {
    const sample = strategy === 'semver' ? scale.repositories : Number(values.sample)
    const baseline = await timing.step(`baseline, ${strategy}`, () =>
      measureBaseline(registry.address, strategy, scale, sample),
    )
    results.push(...baseline)
  }
  process.stdout.write(formatResults(results))
} finally {
  await registry.stop()
}
