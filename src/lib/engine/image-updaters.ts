import type { Application } from '../application/application.ts'
import type { ReadProblem } from '../cluster/read-result.ts'
import { type ImageUpdater, readImageUpdater } from '../rules/image-updater/image-updater.ts'
import type { RulePermissions } from '../rules/rule-permissions.ts'
import type { RuleProblem } from '../rules/update-rule.ts'
import type { ApplicationStore } from './application-store.ts'

/** The ImageUpdater resources of the namespaces in which there are Applications, and what is to be said of them. */
export async function loadImageUpdaters(
  store: ApplicationStore,
  applications: readonly Application[],
  permissions: RulePermissions,
): Promise<{ readonly imageUpdaters: readonly ImageUpdater[]; readonly warnings: readonly RuleProblem[] }> {
  const namespaces = new Set(applications.map(({ metadata }) => metadata.namespace ?? ''))
  const { objects, problems } = await store.imageUpdaters([...namespaces])
  const imageUpdaters = objects
    .map((object) => readImageUpdater(object, permissions))
    .filter(({ namespace }) => namespaces.has(namespace))
  const warnings = imageUpdaters.flatMap((imageUpdater) => imageUpdater.problems)
  return { imageUpdaters, warnings: [...problems.map(unlisted), ...warnings] }
}

function unlisted({ namespace, problem, remedy }: ReadProblem): RuleProblem {
  return {
    severity: 'warning',
    origin: { kind: 'image-updater', object: '' },
    alias: '',
    key: 'ImageUpdater resources in namespace',
    value: namespace,
    problem: `they may have rules that are not seen: ${problem}`,
    remedy,
  }
}
