import { repositoryName } from '../image/reference.ts'
import { comparedPart } from '../policy/tag-pattern.ts'
import type { RuleProblem, UpdateRule } from '../rules/update-rule.ts'
import { parseConstraint } from '../version/constraint.ts'
import { parseVersion } from '../version/version.ts'
import type { CheckedImage } from './checked-image.ts'
import { currentReference } from './running-image.ts'
import type { Scan } from './scan.ts'

const DIGITS = /^[0-9]+$/
/** Inside every constraint that has no upper bound. */
const HIGHEST = '18446744073709551615'

/**
 * The warning about a date or build number that won as a version: semver reads `20240101` as 20240101.0.0,
 * which is higher than every version of the ordinary kind. Undefined where the constraint has an upper
 * bound, and where the image is on such a scheme: what runs and all candidates have digits only.
 *
 * @param running the tag that runs, '' where none does
 */
export function digitsOnlyWarning(
  rule: UpdateRule,
  found: Pick<Scan, 'winner' | 'candidates'>,
  running: string,
): RuleProblem | undefined {
  const { winner } = found
  if (rule.strategy !== 'semver' || !winner) return undefined
  const part = comparedPart(rule.tagPattern)
  const digits = (tag: string) => DIGITS.test(part(tag) ?? '')
  if (!digits(winner.tag) || hasUpperBound(rule.image.tag)) return undefined
  if (digits(running) && [...found.candidates.keys()].every(digits)) return undefined
  const prefix = rule.alias === '' ? '' : `${rule.alias}.`
  const filter = rule.origin.kind === 'flag' ? '--tag-filter' : `${prefix}image-tag-filter`
  return {
    severity: 'warning',
    code: 'digits-only-tag',
    origin: rule.origin,
    alias: rule.alias,
    key: rule.origin.kind === 'annotation' ? 'image-list' : 'image',
    value: `${repositoryName(rule.image)}${rule.image.tag && `:${rule.image.tag}`}`,
    problem: `the tag ${winner.tag} has only digits, and semver takes it for version ${winner.tag}.0.0, above all others`,
    remedy: `Set ${filter} to ^v?[0-9]+\\. so that a dot must follow, or give the constraint an upper bound such as <1000`,
  }
}

/** The same for every row of a check. */
export function digitsOnlyWarnings(rows: readonly CheckedImage[]): RuleProblem[] {
  return rows.flatMap((row) => {
    if (row.state !== 'decided') return []
    return digitsOnlyWarning(row.rule, row.scan, currentReference(row.running)?.tag ?? '') ?? []
  })
}

function hasUpperBound(constraint: string): boolean {
  const highest = parseVersion(HIGHEST)
  return highest !== undefined && !parseConstraint(constraint || '*').check(highest).match
}
