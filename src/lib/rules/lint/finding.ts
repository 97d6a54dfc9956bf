import type { RuleOrigin, RuleProblem } from '../update-rule.ts'
import type { LintCode } from './lint-code.ts'

/** From what must be put right to what is good to know. */
export const SEVERITIES = ['error', 'warning', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

/** Something about a rule that its author should know: what is wrong, and what would be right. */
export interface LintFinding {
  readonly severity: Severity
  readonly code: LintCode
  /** The object that carries the rule. */
  readonly origin: RuleOrigin
  /** The image it is about; '' when it concerns the whole object. */
  readonly alias: string
  /** The annotation key without prefix, or a field; '' when no single one is to blame. */
  readonly key: string
  readonly value: string
  /** One line each. */
  readonly problem: string
  readonly remedy: string
}

/** A problem that reading the rules told. */
export function findingOfProblem(problem: RuleProblem): LintFinding {
  const fallback = problem.origin.kind === 'image-updater' ? 'image-updater' : 'bad-value'
  const { severity, origin, alias, key, value, problem: text, remedy } = problem
  return { severity, code: problem.code ?? fallback, origin, alias, key, value, problem: text, remedy }
}

/** Whether a finding is at least as severe as `least`. */
export function isAtLeast({ severity }: LintFinding, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least)
}

/** Without those that tell the same thing once more. */
export function distinctFindings<Finding extends LintFinding>(findings: readonly Finding[]): Finding[] {
  const each = new Map(
    findings.map((finding) => [
      [place(finding), finding.code, finding.value, finding.problem].join('\n'),
      finding,
    ]),
  )
  return [...each.values()]
}

/** The most severe first; equally severe ones by object and key. */
export function sortFindings<Finding extends LintFinding>(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0),
  )
}

function place({ origin, key }: LintFinding): string {
  return `${origin.object}\n${key}`
}
