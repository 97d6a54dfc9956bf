import type { Application } from '../application/application.ts'
import { overwrites } from '../application/override/overwriting.ts'
import type { RuleProblem, RuleSet, UpdateRule } from '../rules/update-rule.ts'

/** Pairs are compared, so a hostile list of a thousand images must not cost a million comparisons. */
const MOST_COMPARED = 50

/**
 * The same rules without those that would write the same place of the Application in turn, each round
 * undoing the other's: they become errors that say how to keep them apart.
 */
export function withoutSharedPlaces(application: Application, { rules, problems }: RuleSet): RuleSet {
  const inSpec = rules.filter(({ writeBack }) => writeBack.method === 'application').slice(0, MOST_COMPARED)
  const rivals = new Map<UpdateRule, UpdateRule>()
  for (const [index, rule] of inSpec.entries()) {
    for (const other of inSpec.slice(index + 1)) {
      if (!overwrites(application, rule, other)) continue
      if (!rivals.has(rule)) rivals.set(rule, other)
      if (!rivals.has(other)) rivals.set(other, rule)
    }
  }
  if (rivals.size === 0) return { problems, rules }
  return {
    problems: [...problems, ...[...rivals].map(([rule, rival]) => sharedPlace(rule, rival))],
    rules: rules.filter((rule) => !rivals.has(rule)),
  }
}

function sharedPlace(rule: UpdateRule, rival: UpdateRule): RuleProblem {
  return {
    alias: rule.alias,
    code: 'shared-place',
    key: 'image-list',
    origin: rule.origin,
    problem: `it would be written to the same place as "${rival.alias}", so the two would undo each other`,
    remedy: `Give each its own place: ${rule.alias}.helm.image-name and ${rule.alias}.helm.image-tag, or ${rule.alias}.kustomize.image-name`,
    severity: 'error',
    value: rule.alias,
  }
}
