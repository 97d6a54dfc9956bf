import { amount } from '../../amount.ts'
import type { AccessAttributes } from '../../cluster/access-review.ts'
import type { ClusterClient } from '../../cluster/client.ts'
import { qualifiedResource } from '../../cluster/resource-url.ts'
import type { Check, Need } from './examine.ts'
import { type Finding, findingsOf } from './finding.ts'
import { missingRights } from './review-rights.ts'
import { type Right, type RightsWanted, rightsFor } from './rights.ts'

const finding = findingsOf('rights')
/** Namespaces; more make a line that nobody reads. */
const MOST_NAMED = 4

/**
 * Whether this user may do what the commands do.
 *
 * @param onReviewed told the rights that are wanted, for `--rbac`
 */
export function rightsCheck(
  needs: Need,
  client: Promise<ClusterClient>,
  wanted: () => Promise<RightsWanted>,
  onReviewed: (rights: readonly Right[]) => void,
): Check {
  return {
    name: 'rights',
    needs,
    run: async () => {
      const opened = await client
      const places = await wanted()
      const rights = rightsFor(places)
      const missing = await missingRights(opened, rights)
      onReviewed(rights)
      return [...rightFindings(rights, missing), ...elsewhereFinding(places.elsewhere)]
    },
  }
}

/** One line for all that is allowed, and one for each thing that does not work. */
export function rightFindings(rights: readonly Right[], missing: readonly Right[]): Finding[] {
  const has = rights.filter((right) => !missing.includes(right))
  const groups = Map.groupBy(
    missing,
    (right) => `${right.effect} ${qualifiedResource(right)} ${right.name ?? ''}`,
  )
  return [...allowedFinding(has, missing.length === 0), ...[...groups.values()].map(missingFinding)]
}

function allowedFinding(rights: readonly AccessAttributes[], all: boolean): Finding[] {
  if (rights.length === 0) return []
  const verbs = Map.groupBy(rights, (right) => qualifiedResource(right))
  const list = [...verbs].map(
    ([resource, of]) => `${resource} (${distinct(of.map(({ verb }) => verb)).join(', ')})`,
  )
  const count = all ? `all ${amount(rights.length, 'right')}` : amount(rights.length, 'right')
  return [finding('ok', 'allowed', `${count} in ${placesOf(rights)}: ${list.join(', ')}`)]
}

function missingFinding(rights: readonly Right[]): Finding {
  const [first] = rights as [Right]
  const verbs = distinct(rights.map(({ verb }) => verb))
  const subject = qualifiedResource(first)
  const what = first.name === undefined ? subject : `${subject} "${first.name}"`
  const message = `you may not ${verbs.join(', ')} ${what} in ${placesOf(rights)}: ${first.effect}`
  const kind = rights.some(({ namespace }) => namespace === '') ? 'ClusterRole' : 'Role'
  const rule = `{apiGroups: ["${first.group}"], resources: [${first.resource}]${first.name === undefined ? '' : `, resourceNames: [${first.name}]`}, verbs: [${verbs.join(', ')}]}`
  const remedy = `Add to a ${kind}: ${rule}`
  return finding(first.essential ? 'fail' : 'warn', subject, message, remedy)
}

function elsewhereFinding(count: number): Finding[] {
  if (count === 0) return []
  const message = `${amount(count, 'Application')} in other clusters: rights on the workloads there are not looked at`
  return [finding('skip', 'other-clusters', message)]
}

function placesOf(rights: readonly AccessAttributes[]): string {
  const places = distinct(rights.map(({ namespace }) => namespace || 'all namespaces'))
  const named = places.slice(0, MOST_NAMED).join(', ')
  return places.length > MOST_NAMED ? `${named} and ${places.length - MOST_NAMED} more` : named
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
