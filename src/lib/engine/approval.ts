import type { Decision } from './decide.ts'

/** What is applied without asking: `--approve`. */
export const APPROVAL_MODES = ['auto', 'patch', 'minor', 'ask'] as const
export type ApprovalMode = (typeof APPROVAL_MODES)[number]

/**
 * Whether an update may be applied unasked. `patch` and `minor` let version steps up to that size pass;
 * a step whose size is not known (a tag that is no version, or one that moved in place) is a person's, and so
 * is, in every mode, what the rule itself wants a person for.
 */
export function appliesUnasked(mode: ApprovalMode, decision: Extract<Decision, { kind: 'update' }>): boolean {
  if (decision.approval !== undefined) return false
  switch (mode) {
    case 'auto':
      return true
    case 'ask':
      return false
    case 'patch':
      return decision.bump === 'patch'
    case 'minor':
      return decision.bump === 'patch' || decision.bump === 'minor'
  }
}
