import { describe, expect, it } from 'vitest'
import type { KubernetesObject } from '../../../src/lib/application/kubernetes-object.ts'
import { ClusterError } from '../../../src/lib/cluster/client.ts'
import type { ResourcePath } from '../../../src/lib/cluster/resource-path.ts'
import { FakeCluster } from '../fake-cluster.ts'
import { applicationOf } from '../world.ts'
import { lintOf } from './linted.ts'

const SHOP = applicationOf({ rules: { 'image-list': 'app=org/app' } })

function controller(
  image: string,
  more: { namespace?: string; replicas?: number; env?: object[] } = {},
): KubernetesObject {
  const { env = [], namespace = 'argocd', replicas = 1 } = more
  return {
    metadata: { name: 'argocd-image-updater', namespace },
    spec: { replicas, template: { spec: { containers: [{ env, image, name: 'main' }] } } },
  }
}

function clusterWith(...deployments: KubernetesObject[]): FakeCluster {
  const cluster = new FakeCluster()
  for (const deployment of deployments) cluster.put('deployments', deployment)
  return cluster
}

describe('a running argocd-image-updater', () => {
  it.each([
    ['in the Application’s namespace', controller('quay.io/argoprojlabs/argocd-image-updater:v0.16.0')],
    [
      'elsewhere, watching it',
      controller('mirror.example.com/x/argocd-image-updater:v0.18.0', {
        env: [{ name: 'APPLICATION_NAMESPACES', value: 'apps,argocd' }],
        namespace: 'argocd-image-updater-system',
      }),
    ],
  ])('before 1.0 %s is a second writer', async (_, deployment) => {
    expect(await lintOf([SHOP], { cluster: clusterWith(deployment) })).toMatchObject([
      {
        code: 'two-writers',
        problem: expect.stringContaining('each may undo what the other writes'),
        remedy: expect.stringContaining('kubectl scale deployment argocd-image-updater'),
        severity: 'warning',
      },
    ])
  })

  it('since 1.0 does not read annotations by itself', async () => {
    const cluster = clusterWith(controller('quay.io/argoprojlabs/argocd-image-updater:v1.3.0'))
    expect(await lintOf([SHOP], { cluster })).toMatchObject([
      { code: 'not-read-by-controller', severity: 'info' },
    ])
  })

  it.each([
    ['scaled to zero', controller('argocd-image-updater:v0.16.0', { replicas: 0 })],
    ['another program', controller('quay.io/argoproj/argocd:v3.0.0')],
    [
      'watching another namespace',
      controller('argocd-image-updater:v0.16.0', { namespace: 'argocd-image-updater-system' }),
    ],
  ])('%s is nothing', async (_, deployment) => {
    expect(await lintOf([SHOP], { cluster: clusterWith(deployment) })).toEqual([])
  })

  it('that may not be looked for is not told', async () => {
    class Refusing extends FakeCluster {
      override async list({ resource }: ResourcePath): Promise<never> {
        throw new ClusterError(`${resource} is forbidden`, 403, 'Forbidden')
      }
    }
    expect(await lintOf([SHOP], { cluster: new Refusing() })).toEqual([])
  })

  it('is nothing to an Application without rules', async () => {
    const cluster = clusterWith(controller('argocd-image-updater:v0.16.0'))
    expect(await lintOf([applicationOf({})], { cluster })).toEqual([])
  })
})
