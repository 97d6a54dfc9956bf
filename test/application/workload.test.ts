import { describe, expect, it } from 'vitest'
import { destinationOf } from '../../src/lib/application/destination.ts'
import { workloadPath, workloadsOf } from '../../src/lib/application/workload.ts'
import { application } from './applications.ts'

describe('destinationOf', () => {
  it.each([
    ['the cluster Argo CD runs in', { server: 'https://kubernetes.default.svc', namespace: 'web' }, true],
    ['the same, by name', { name: 'in-cluster', namespace: 'web' }, true],
    ['the same, with a slash', { server: 'https://kubernetes.default.svc/', namespace: 'web' }, true],
    ['another by URL', { server: 'https://10.0.0.1:6443', namespace: 'web' }, false],
    ['another by name', { name: 'edge', namespace: 'web' }, false],
    ['a name that only looks like it', { server: 'https://kubernetes.default.svc.example.com' }, false],
    ['nothing said', {}, false],
  ])('%s', (_name, destination, inCluster) => {
    expect(destinationOf(application({ destination })).inCluster).toBe(inCluster)
  })
})

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
