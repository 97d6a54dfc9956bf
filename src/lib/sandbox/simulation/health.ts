import { type JsonObject, listAt, numberAt, textAt } from '../json.ts'

const ORDER = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'] as const
type Health = (typeof ORDER)[number]

/** Why a Deployment or Rollout says that it makes no progress any more. */
export const DEADLINE_EXCEEDED = 'ProgressDeadlineExceeded'

/** The health of one resource, with what Argo CD says of it. */
export interface ResourceHealth {
  readonly [field: string]: string
  readonly status: Health
}

/**
 * A workload's health by Argo CD's own checks: done when the latest generation is out and ready, degraded
 * when a Deployment or Rollout reports that it gave up on its deadline for progress.
 */
export function healthOf(workload: JsonObject | undefined): ResourceHealth {
  if (!workload) return { status: 'Missing' }
  const status = (field: string): number => numberAt(workload, 0, 'status', field)
  // Rollouts report the generation as text.
  const observed = Number(textAt(workload, 'status', 'observedGeneration') || status('observedGeneration'))
  if (observed < numberAt(workload, 0, 'metadata', 'generation')) return { status: 'Progressing' }
  const overdue = listAt(workload, 'status', 'conditions').find(
    (condition) => textAt(condition, 'reason') === DEADLINE_EXCEEDED,
  )
  if (overdue !== undefined) {
    const message =
      textAt(workload, 'kind') === 'Rollout'
        ? `${DEADLINE_EXCEEDED}: ${textAt(overdue, 'message')}`
        : `Deployment "${textAt(workload, 'metadata', 'name')}" exceeded its progress deadline`
    return { status: 'Degraded', message }
  }
  return { status: isRolledOut(workload) ? 'Healthy' : 'Progressing' }
}

function isRolledOut(workload: JsonObject): boolean {
  const status = (field: string): number => numberAt(workload, 0, 'status', field)
  if (
    textAt(workload, 'kind') === 'DaemonSet' ||
    numberAt(workload, -1, 'status', 'desiredNumberScheduled') >= 0
  ) {
    const wanted = status('desiredNumberScheduled')
    return status('updatedNumberScheduled') >= wanted && status('numberAvailable') >= wanted
  }
  const wanted = numberAt(workload, 1, 'spec', 'replicas')
  return (
    status('updatedReplicas') >= wanted &&
    status('replicas') <= status('updatedReplicas') &&
    status('availableReplicas') >= wanted
  )
}

/** An Application is as healthy as its least healthy resource. */
export function worstHealth(all: readonly Health[]): Health {
  return all.reduce(
    (worst: Health, one) => (ORDER.indexOf(one) > ORDER.indexOf(worst) ? one : worst),
    'Healthy',
  )
}
