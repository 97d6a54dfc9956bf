import { describe, expect, it } from 'vitest'
import { workloadPath, workloadsOf } from '../../src/lib/application/workload.ts'
import { application } from './applications.ts'

describe('workloadsOf', () => {
  it('lists what keeps Pods running, in the namespace that is meant', () => {
    const resources = [
      { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'a', name: 'web' },
      { group: 'argoproj.io', version: 'v1alpha1', kind: 'Rollout', name: 'api' },
      { version: 'v1', kind: 'Service', namespace: 'a', name: 'web' },
      { group: 'example.com', version: 'v1', kind: 'Deployment', namespace: 'a', name: 'other' },
      { group: 'batch', version: 'v1', kind: 'CronJob', namespace: 'a', name: 'nightly' },
    ]
    const app = application({ destination: { namespace: 'shop' } }, { resources })
    expect(workloadsOf(app)).toEqual([
      { kind: 'Deployment', namespace: 'a', name: 'web' },
      { kind: 'Rollout', namespace: 'shop', name: 'api' },
    ])
  })

  it('is empty before the first sync', () => {
    expect(workloadsOf(application({}))).toEqual([])
  })
})

describe('workloadPath', () => {
  it.each([
    ['Deployment', 'apps', 'v1', 'deployments'],
    ['StatefulSet', 'apps', 'v1', 'statefulsets'],
    ['DaemonSet', 'apps', 'v1', 'daemonsets'],
    ['Rollout', 'argoproj.io', 'v1alpha1', 'rollouts'],
  ] as const)('%s', (kind, group, version, resource) => {
    const path = workloadPath({ kind, namespace: 'n', name: 'x' })
    expect(path).toEqual({ group, version, resource, namespace: 'n', name: 'x' })
  })
})
