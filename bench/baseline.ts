import type { BenchRegistry } from './bench-registry.ts'
import { extrapolate, measure } from './measurement.ts'
import { NaiveClient } from './naive-client.ts'
import type { Result } from './results.ts'
import { type MeasuredStrategy, PASSES, repositoryName, type Scale, tagName } from './workload.ts'

/**
 * Measures the naive client, which leaves nothing on disk, on the Applications of the first
 * `sample` repositories, and computes what all would take: the work is the same for each repository.
 * @throws Error when it does not select the newest tag: then it would not be doing the same job
 */
export async function measureBaseline(
  registry: BenchRegistry,
  strategy: MeasuredStrategy,
  scale: Scale,
  sample: number,
): Promise<Result[]> {
  let client = new NaiveClient(registry.host)
  const applications = Math.floor(scale.applications / scale.repositories) * sample
  const repositories = Array.from({ length: applications }, (_, index) => repositoryName(index % sample))
  const newest = tagName(scale.tags - 1)
  const results: Result[] = []
  try {
    for (const pass of PASSES) {
      if (pass === 'next run') {
        await client.close()
        client = new NaiveClient(registry.host)
      }
      const check = async () => {
        const selected = await client.check(repositories, strategy)
        if (selected.some((tag) => tag !== newest)) throw new Error('the baseline selects another tag')
      }
      const measured = await measure(check, registry)
      const measurement = extrapolate(measured, applications, scale.applications)
      results.push({ client: 'baseline', strategy, pass, measurement })
    }
  } finally {
    await client.close()
  }
  return results
}
