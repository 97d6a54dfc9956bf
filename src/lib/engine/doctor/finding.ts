/** What a finding means: it works; it works, but; it does not; nobody could look. */
export type FindingState = 'ok' | 'warn' | 'fail' | 'skip'

export const FINDING_STATES: readonly FindingState[] = ['ok', 'warn', 'fail', 'skip']

/** What checks are called, stable for scripts (docs/doctor.md), in the order in which they are told: outwards. */
export const CHECK_NAMES = [
  'versions',
  'git',
  'cache',
  'clock',
  'kubeconfig',
  'cluster',
  'argo-cd',
  'rights',
  'registry',
  'aws',
  'writers',
] as const

export type CheckName = (typeof CHECK_NAMES)[number]

/** One line of the doctor's answer. */
export interface Finding {
  readonly check: CheckName
  readonly state: FindingState
  /** What it is about: `git`, `docker.io`, `applications`. */
  readonly subject: string
  readonly message: string
  /** What to do; '' where there is nothing to do. */
  readonly remedy: string
}

/** How a check names its findings: the state, what they are about, and what is to be said. */
export type MakeFinding = (state: FindingState, subject: string, message: string, remedy?: string) => Finding

/** Findings of one check. */
export function findingsOf(check: CheckName): MakeFinding {
  return (state, subject, message, remedy = '') => ({ check, state, subject, message, remedy })
}
