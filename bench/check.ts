/**
 * `npm run bench`: how long and how many requests one check of many Applications takes, against the cost model
 * of argocd-image-updater on the same registry in the same run.
 *
 *   --applications N --repositories N --tags N   the scale (200, 50, 500)
 *   --real           on the real Distribution registry instead of the embedded one (slow to fill)
 *   --sample N   repositories that the baseline is measured on for newest-build, computed for all from there
 *                (all; with --real 10)
 */
import { parseArgs } from 'node:util'
import { UserError } from '../src/lib/errors.ts'
import { createTiming } from '../test/integration/testbed/timing.ts'
import { measureBaseline } from './baseline.ts'
import { startEmbeddedRegistry } from './embedded-registry.ts'
import { measureCheck } from './measure-check.ts'
import { startRealRegistry } from './real-registry.ts'
import { formatResults, type Result } from './results.ts'
import { DEFAULT_SCALE, type Scale, STRATEGIES } from './workload.ts'

try {
  await main()
} catch (error) {
  if (!(error instanceof UserError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const { scale, sample, real } = readArguments()
  const timing = createTiming((line) => process.stderr.write(line))
  const registry = await timing.step('start and fill the registry', () =>
    real ? startRealRegistry(scale, timing.announce) : startEmbeddedRegistry(scale),
  )
  try {
    const results: Result[] = []
    for (const strategy of STRATEGIES) {
      const baseline = await timing.step(`baseline, ${strategy}`, () =>
        measureBaseline(registry, strategy, scale, strategy === 'semver' ? scale.repositories : sample),
      )
      const check = await timing.step(`check, ${strategy}`, () => measureCheck(registry, strategy, scale))
      results.push(...baseline, ...check)
    }
    process.stdout.write(formatResults(results))
  } finally {
    await registry.stop()
  }
}

function readArguments(): { scale: Scale; sample: number; real: boolean } {
  const { values } = parseArgs({
    options: {
      applications: { type: 'string', default: String(DEFAULT_SCALE.applications) },
      repositories: { type: 'string', default: String(DEFAULT_SCALE.repositories) },
      tags: { type: 'string', default: String(DEFAULT_SCALE.tags) },
      real: { type: 'boolean', default: false },
      sample: { type: 'string' },
    },
  })
  const scale: Scale = {
    applications: count('applications', values.applications),
    repositories: count('repositories', values.repositories),
    tags: count('tags', values.tags),
  }
  if (scale.applications % scale.repositories !== 0) {
    throw new UserError('--applications must be a multiple of --repositories, so that each has as many.')
  }
  const sample = Math.min(count('sample', values.sample ?? (values.real ? '10' : '1000')), scale.repositories)
  return { scale, sample, real: values.real }
}

function count(option: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new UserError(`--${option} ${text} is not a number from 1 on.`)
}
