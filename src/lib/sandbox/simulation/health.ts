import { type JsonObject, numberAt, textAt } from '../json.ts'

const ORDER = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'] as const
export type Health = (typeof ORDER)[number]

/** A workload's health by Argo CD's own checks: done when the latest generation is out and ready. */
export function healthOf(workload: JsonObject | undefined): Health {
  if (!workload) return 'Missing'
  const status = (field: string): number => numberAt(workload, 0, 'status', field)
  // Rollouts report the generation as text.
  const observed = Number(textAt(workload, 'status', 'observedGeneration') || status('observedGeneration'))
  if (observed < numberAt(workload, 0, 'metadata', 'generation')) return 'Progressing'
  if (
    textAt(workload, 'kind') === 'DaemonSet' ||
    numberAt(workload, -1, 'status', 'desiredNumberScheduled') >= 0
  ) {
    const wanted = status('desiredNumberScheduled')
    return status('updatedNumberScheduled') >= wanted && status('numberAvailable') >= wanted
      ? 'Healthy'
      : 'Progressing'
  }
  const wanted = numberAt(workload, 1, 'spec', 'replicas')
  const done =
    status('updatedReplicas') >= wanted &&
    status('replicas') <= status('updatedReplicas') &&
    status('availableReplicas') >= wanted
  return done ? 'Healthy' : 'Progressing'
}

/** An Application is as healthy as its least healthy resource. */
export function worstHealth(all: readonly Health[]): Health {
  return all.reduce(
    (worst: Health, one) => (ORDER.indexOf(one) > ORDER.indexOf(worst) ? one : worst),
    'Healthy',
  )
}
