import { describe, expect, it } from 'vitest'
import type { WorkloadKind } from '../../src/lib/application/workload.ts'
import { rolloutState } from '../../src/lib/engine/rollout-state.ts'

const DONE = 'healthy: all Pods run the new template'
const stateOf = (kind: WorkloadKind, spec: object, status: object) => {
  const object = { kind, metadata: { generation: 2, name: 'web' }, spec, status }
  const { state, message } = rolloutState({ kind, object })
  return `${state}: ${message}`
}

describe('a rollout', () => {
  const seen = { observedGeneration: 2 }
  const two = { replicas: 2 }
  const overdue = { message: 'timed out progressing', reason: 'ProgressDeadlineExceeded' }
  it.each<[WorkloadKind, object, object, string]>([
    ['Deployment', two, { observedGeneration: 1 }, 'waiting: its controller has not noticed the change yet'],
    ['Deployment', two, { ...seen, replicas: 3, updatedReplicas: 1 }, 'waiting: 1 of 2 Pods are new'],
    ['Deployment', two, { ...seen, replicas: 3, updatedReplicas: 2 }, 'waiting: 1 old Pod is yet to end'],
    [
      'Deployment',
      two,
      { ...seen, availableReplicas: 1, replicas: 2, updatedReplicas: 2 },
      'waiting: 1 of 2 new Pods are available',
    ],
    ['Deployment', two, { ...seen, availableReplicas: 2, replicas: 2, updatedReplicas: 2 }, DONE],
    ['Deployment', { replicas: 0 }, seen, DONE],
    ['Deployment', two, { ...seen, conditions: [overdue] }, 'degraded: timed out progressing'],
    ['StatefulSet', two, { ...seen, readyReplicas: 1 }, 'waiting: 1 of 2 Pods are ready'],
    [
      'StatefulSet',
      two,
      { ...seen, currentRevision: 'a', readyReplicas: 2, updateRevision: 'b', updatedReplicas: 1 },
      'waiting: 1 of 2 Pods are new',
    ],
    ['StatefulSet', two, { ...seen, currentRevision: 'b', readyReplicas: 2, updateRevision: 'b' }, DONE],
    [
      'StatefulSet',
      { ...two, updateStrategy: { rollingUpdate: { partition: 1 } } },
      { ...seen, currentRevision: 'a', readyReplicas: 2, updateRevision: 'b', updatedReplicas: 1 },
      DONE,
    ],
    [
      'StatefulSet',
      { ...two, updateStrategy: { type: 'OnDelete' } },
      seen,
      'not-syncing: its Pods are replaced when you delete them (OnDelete)',
    ],
    [
      'DaemonSet',
      {},
      { ...seen, desiredNumberScheduled: 3, numberAvailable: 2, updatedNumberScheduled: 3 },
      'waiting: 2 of 3 Pods are available',
    ],
    [
      'DaemonSet',
      {},
      { ...seen, desiredNumberScheduled: 3, numberAvailable: 3, updatedNumberScheduled: 3 },
      DONE,
    ],
    [
      'Rollout',
      {},
      { message: 'CanaryPauseStep', observedGeneration: '2', phase: 'Paused' },
      'waiting: CanaryPauseStep',
    ],
    ['Rollout', {}, { observedGeneration: '2', phase: 'Healthy' }, DONE],
    [
      'Rollout',
      {},
      { message: 'analysis failed', observedGeneration: '2', phase: 'Degraded' },
      'degraded: analysis failed',
    ],
  ])('of a %s %j with %j', (kind, spec, status, expected) => {
    expect(stateOf(kind, spec, status)).toBe(expected)
  })
})
