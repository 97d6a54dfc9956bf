import { ObjectField } from '../application/object-field.ts'
import { type Workload, workloadTitle } from '../application/workload.ts'

/** Where a workload is on its way to running its present Pod template. */
export interface RolloutState {
  readonly state: 'waiting' | 'healthy' | 'degraded' | 'not-syncing'
  /** What it waits for or how it ended, without a period; text of the cluster is in it. */
  readonly message: string
}

const NOT_NOTICED: RolloutState = {
  message: 'its controller has not noticed the change yet',
  state: 'waiting',
}
const DONE: RolloutState = { message: 'all Pods run the new template', state: 'healthy' }

/**
 * Where the rollout of a workload is, by the tests of `kubectl rollout status`; for an Argo Rollout by the
 * phase that its controller reports.
 *
 * @throws MalformedFieldError naming the field that has the wrong shape.
 */
export function rolloutState({ kind, object }: Workload): RolloutState {
  const root = new ObjectField(workloadTitle({ kind, name: object.metadata.name }), object)
  const status = root.member('status')
  // Argo Rollouts writes the generation as text.
  const observed = Number(status.member('observedGeneration').value ?? 0)
  if (observed < count(root.member('metadata').member('generation'))) return NOT_NOTICED
  switch (kind) {
    case 'Deployment':
      return deploymentState(root)
    case 'StatefulSet':
      return statefulSetState(root)
    case 'DaemonSet':
      return daemonSetState(root)
    case 'Rollout':
      return argoRolloutState(status)
  }
}

function deploymentState(root: ObjectField): RolloutState {
  const status = root.member('status')
  const overdue = status
    .member('conditions')
    .items()
    .find((condition) => condition.member('reason').text() === 'ProgressDeadlineExceeded')
  if (overdue) {
    return {
      message: overdue.member('message').text() || 'exceeded its progress deadline',
      state: 'degraded',
    }
  }
  const wanted = count(root.member('spec').member('replicas'), 1)
  const updated = count(status.member('updatedReplicas'))
  const old = count(status.member('replicas')) - updated
  const available = count(status.member('availableReplicas'))
  if (updated < wanted) return waiting(`${updated} of ${wanted} Pods are new`)
  if (old > 0) return waiting(`${old} old ${old === 1 ? 'Pod is' : 'Pods are'} yet to end`)
  if (available < updated) return waiting(`${available} of ${updated} new Pods are available`)
  return DONE
}

function statefulSetState(root: ObjectField): RolloutState {
  const status = root.member('status')
  const strategy = root.member('spec').member('updateStrategy')
  if (strategy.member('type').text() === 'OnDelete') return replacedByHand()
  const wanted = count(root.member('spec').member('replicas'), 1)
  const ready = count(status.member('readyReplicas'))
  if (ready < wanted) return waiting(`${ready} of ${wanted} Pods are ready`)
  const partition = count(strategy.member('rollingUpdate').member('partition'))
  const updated = count(status.member('updatedReplicas'))
  if (partition > 0) {
    const expected = Math.max(0, wanted - partition)
    return updated < expected ? waiting(`${updated} of ${expected} Pods are new`) : DONE
  }
  const current = status.member('currentRevision').text()
  return current === status.member('updateRevision').text()
    ? DONE
    : waiting(`${updated} of ${wanted} Pods are new`)
}

function daemonSetState(root: ObjectField): RolloutState {
  const status = root.member('status')
  if (root.member('spec').member('updateStrategy').member('type').text() === 'OnDelete')
    return replacedByHand()
  const wanted = count(status.member('desiredNumberScheduled'))
  const updated = count(status.member('updatedNumberScheduled'))
  const available = count(status.member('numberAvailable'))
  if (updated < wanted) return waiting(`${updated} of ${wanted} Pods are new`)
  if (available < wanted) return waiting(`${available} of ${wanted} Pods are available`)
  return DONE
}

function argoRolloutState(status: ObjectField): RolloutState {
  const phase = status.member('phase').text()
  const message = status.member('message').text()
  if (phase === 'Healthy') return DONE
  if (phase === 'Degraded') return { message: message || 'it is Degraded', state: 'degraded' }
  return waiting(message || phase || 'its controller has not reported yet')
}

function waiting(message: string): RolloutState {
  return { message, state: 'waiting' }
}

/** Nothing moves by itself under the strategy OnDelete. */
function replacedByHand(): RolloutState {
  return { message: 'its Pods are replaced when you delete them (OnDelete)', state: 'not-syncing' }
}

/** A number of the API, `otherwise` when absent. */
function count(field: ObjectField, otherwise = 0): number {
  if (field.value === undefined) return otherwise
  if (typeof field.value === 'number') return field.value
  throw field.malformed('a number')
}
