import { describe, expect, it } from 'vitest'
import type { LeaseName } from '../../src/lib/cluster/leases.ts'
import { rivalWarnings } from '../../src/lib/engine/rivals.ts'
import { WATCH_LEASE, WatchLease } from '../../src/lib/engine/watch-lease.ts'
import { FakeCluster } from './fake-cluster.ts'
import { applicationOf, NOW } from './world.ts'

const SHOP = applicationOf({ rules: { 'image-list': 'app=org/app' } })
const IDENTITY = 'ada@laptop 4711/6f0c2a9e-1b3d-4e5f-8a7b-9c0d1e2f3a4b'

function clusterWithController(): FakeCluster {
  const cluster = new FakeCluster()
  const containers = [{ image: 'quay.io/argoprojlabs/argocd-image-updater:v0.16.0', name: 'main' }]
  cluster.put('deployments', {
    metadata: { name: 'argocd-image-updater', namespace: 'argocd' },
    spec: { replicas: 1, template: { spec: { containers } } },
  })
  return cluster
}

async function clusterWithWatch(): Promise<FakeCluster> {
  const cluster = new FakeCluster()
  const world = { client: cluster, elapsed: () => NOW.getTime(), now: () => NOW, pause: async () => {} }
  const name = { name: WATCH_LEASE, namespace: 'argocd' }
  await new WatchLease(world, { duration: 15, identity: IDENTITY, ...name }).acquire()
  return cluster
}

const warnings = (cluster: FakeCluster | undefined, own?: LeaseName, applications = [SHOP, SHOP]) =>
  rivalWarnings({ cluster, now: () => NOW }, applications, [], own)

describe('who else acts on the same rules', () => {
  it('nobody', async () => {
    expect(await warnings(new FakeCluster())).toEqual([])
  })

  it('is not asked where there is no cluster, or nothing to write', async () => {
    expect(await warnings(undefined)).toEqual([])
    expect(await warnings(clusterWithController(), undefined, [])).toEqual([])
  })

  it('a controller that reads annotations: said once, with the way out', async () => {
    expect(await warnings(clusterWithController())).toEqual([
      expect.stringMatching(/argocd-image-updater.*kubectl scale deployment argocd-image-updater/),
    ])
  })

  it('another watch that has the Lease, unless this one takes turns with it', async () => {
    const cluster = await clusterWithWatch()
    expect(await warnings(cluster)).toEqual([
      'ada@laptop 4711 runs a watch here since 2026-03-01T12:00:00.000Z: watch --lease takes turns with it',
    ])
    expect(await warnings(cluster, { name: WATCH_LEASE, namespace: 'argocd' })).toEqual([])
    expect(await warnings(cluster, { name: WATCH_LEASE, namespace: 'elsewhere' })).toHaveLength(1)
  })
})
