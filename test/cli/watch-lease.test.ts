import { describe, expect, it, vi } from 'vitest'
import { Session } from '../../src/cli/session.ts'
import { keepLease } from '../../src/cli/watch-lease.ts'
import { WATCH_LEASE, WatchLease } from '../../src/lib/engine/watch-lease.ts'
import { FakeCluster } from '../engine/fake-cluster.ts'
import { FakeRegistry } from '../engine/fake-registry.ts'
import { contextOf } from '../engine/world.ts'

const BOB = 'bob@desk 12/6f0c2a9e-1b3d-4e5f-8a7b-9c0d1e2f3a4b'

function sessionOn(cluster: FakeCluster): Session {
  return new Session(contextOf(new FakeRegistry({}), cluster), { color: 'never', v: 0 })
}

/** Bob's watch, which has the turn. */
async function bobs(cluster: FakeCluster): Promise<WatchLease> {
  const world = { client: cluster, now: () => new Date(), pause: async () => {} }
  const lease = new WatchLease(world, { identity: BOB, name: WATCH_LEASE, namespace: 'argocd' })
  await lease.acquire()
  return lease
}

const holder = (cluster: FakeCluster, name = WATCH_LEASE) =>
  (cluster.at('leases', 'argocd', name)?.['spec'] as { holderIdentity?: string })?.holderIdentity

describe('the turn of a watch', () => {
  it('is had at once where nobody has it, and given back', async () => {
    const cluster = new FakeCluster()
    const told: string[] = []
    const kept = await keepLease(sessionOn(cluster), '', (line) => told.push(line))
    expect(kept.barrier()).toBe('')
    expect(holder(cluster)).toMatch(/^\S+@\S+ \d+\/[0-9a-f-]{36}$/)
    await kept.release()
    expect(holder(cluster)).toBe('')
    expect(told).toEqual([])
  })

  it('has the name that the operator gives', async () => {
    const cluster = new FakeCluster()
    const kept = await keepLease(sessionOn(cluster), 'team-a', () => {})
    expect(holder(cluster, 'team-a')).toBeTruthy()
    expect(holder(cluster)).toBeUndefined()
    await kept.release()
  })

  it('is somebody else’s: it says whose, and bars every write', async () => {
    const cluster = new FakeCluster()
    await bobs(cluster)
    const told: string[] = []
    const kept = await keepLease(sessionOn(cluster), '', (line, ours) => told.push(`${ours} ${line}`))
    expect(kept.barrier()).toBe('bob@desk 12 has the lease')
    await vi.waitFor(() =>
      expect(told).toEqual(['false lease: bob@desk 12 has the turn, this watch looks on']),
    )
    await kept.release()
    expect(holder(cluster)).toBe(BOB)
  })

  it('is of one namespace', async () => {
    const everywhere = new FakeCluster()
    Object.assign(everywhere, { target: { ...everywhere.target, namespace: '' } })
    await expect(keepLease(sessionOn(everywhere), '', () => {})).rejects.toThrow(
      '--lease needs one namespace: the Lease is kept beside the Applications',
    )
  })
})
