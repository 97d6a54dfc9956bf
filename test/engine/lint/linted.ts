import type { Application } from '../../../src/lib/application/application.ts'
import { type LintedFinding, lint } from '../../../src/lib/engine/lint/lint.ts'
import { manageImages } from '../../../src/lib/engine/managed-image.ts'
import { readAnnotationRules } from '../../../src/lib/rules/annotations.ts'
import { FakeCluster } from '../fake-cluster.ts'
import { FakeRegistry, type FakeTag } from '../fake-registry.ts'
import { type ApplicationText, applicationOf, NOW } from '../world.ts'

export interface LintedWorld {
  readonly cluster?: FakeCluster
  /** Tags by repository; absent: no registry is asked. */
  readonly tags?: Readonly<Record<string, Record<string, FakeTag>>>
}

/** What is found about Applications. */
export function lintOf(
  applications: readonly Application[],
  world: LintedWorld = {},
): Promise<LintedFinding[]> {
  const registry = new FakeRegistry(world.tags)
  return lint(manageImages(applications, readAnnotationRules), {
    cluster: world.cluster ?? new FakeCluster(),
    concurrency: 4,
    now: NOW,
    ...(world.tags && { registryFor: () => registry }),
  })
}

/** What is found about one Application, as `code key: problem`. */
export async function lintLines(text: ApplicationText, world: LintedWorld = {}): Promise<string[]> {
  const findings = await lintOf([applicationOf(text)], world)
  return findings.map(({ code, key, problem }) => `${code} ${key}: ${problem}`)
}
