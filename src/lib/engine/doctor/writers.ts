import { amount } from '../../amount.ts'
import type { ClusterClient } from '../../cluster/client.ts'
import type { LintCode } from '../../rules/lint/lint-code.ts'
import { writerFindings } from '../lint/lint.ts'
import type { ManagedImages } from '../managed-image.ts'
import { type Finding, findingsOf } from './finding.ts'

const finding = findingsOf('writers')
const REMEDY = 'kubectl image-updater lint says which, and what to do'

/** What each kind of other writer means for some Applications. */
const MEANINGS: Partial<Record<LintCode, (applications: string) => string>> = {
  'two-writers': (applications) => `a running argocd-image-updater reads the same rules of ${applications}`,
  'applicationset-reverts': (applications) => `an ApplicationSet would put back updates of ${applications}`,
  'application-reverts': (applications) => `another Application would put back updates of ${applications}`,
}

/** Who else writes the Applications that have rules, counted. @throws ClusterError when the cluster cannot be reached */
export async function otherWriters(managed: ManagedImages, cluster: ClusterClient): Promise<Finding[]> {
  if (managed.images.length === 0) return [finding('skip', '', 'not looked at: no image here has a rule')]
  const found = await writerFindings(managed, cluster)
  const told = found.filter(({ severity }) => severity !== 'info')
  const findings = Object.entries(MEANINGS).flatMap(([code, meaning]) => {
    const objects = new Set(told.filter((one) => one.code === code).map(({ origin }) => origin.object))
    if (objects.size === 0) return []
    return [finding('warn', code, meaning(amount(objects.size, 'Application')), REMEDY)]
  })
  if (findings.length > 0) return findings
  return [finding('ok', '', 'nobody else is seen to write these Applications')]
}
