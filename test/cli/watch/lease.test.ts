import { describe, expect, it, vi } from 'vitest'
import { leaseDuration } from '../../../src/cli/flags/lease.ts'
import { Session } from '../../../src/cli/session/session.ts'
import { keepLease } from '../../../src/cli/watch/lease.ts'
import { LEASE_DURATION, WATCH_LEASE, WatchLease } from '../../../src/lib/engine/watch-lease.ts'
import { leaseLine } from '../../../src/lib/terminal/lease-lines.ts'
import { FakeCluster } from '../../engine/fake-cluster.ts'
import { FakeRegistry } from '../../engine/fake-registry.ts'
import { contextOf } from '../../engine/world.ts'

const BOB = 'bob@desk 12/6f0c2a9e-1b3d-4e5f-8a7b-9c0d1e2f3a4b'

function sessionOn(cluster: FakeCluster): Session {
  return new Session(contextOf(new FakeRegistry({}), cluster), { kind: 'table' }, { color: 'never', v: 0 })
}

/** Bob's watch, which has the turn. */
async function bobs(cluster: FakeCluster): Promise<WatchLease> {
  const world = {
    client: cluster,
    elapsed: () => performance.now(),
    now: () => new Date(),
    pause: async () => {},
  }
  const name = { name: WATCH_LEASE, namespace: 'argocd' }
  const lease = new WatchLease(world, { duration: LEASE_DURATION, identity: BOB, ...name })
  await lease.acquire()
  return lease
}

const FLAGS = { lease: '', 'lease-duration': '15s' }

const holder = (cluster: FakeCluster, name = WATCH_LEASE) =>
  (cluster.at('leases', 'argocd', name)?.['spec'] as { holderIdentity?: string })?.holderIdentity

describe('the turn of a watch', () => {
  it('is had at once where nobody has it, and given back', async () => {
    const cluster = new FakeCluster()
    const told: string[] = []
    const kept = await keepLease(sessionOn(cluster), FLAGS, (event) => told.push(leaseLine(event)))
    expect(kept.barrier()).toBe('')
    expect(holder(cluster)).toMatch(/^\S+@\S+ \d+\/[0-9a-f-]{36}$/)
    await kept.release()
    expect(holder(cluster)).toBe('')
    expect(told).toEqual(['lease: this watch has the turn'])
  })

  it('has the name that the operator gives', async () => {
    const cluster = new FakeCluster()
    const kept = await keepLease(sessionOn(cluster), { ...FLAGS, lease: 'team-a' }, () => {})
    expect(holder(cluster, 'team-a')).toBeTruthy()
    expect(holder(cluster)).toBeUndefined()
    await kept.release()
  })

  it('is somebody else’s: it says whose, and bars every write', async () => {
    const cluster = new FakeCluster()
    await bobs(cluster)
    const told: string[] = []
    const kept = await keepLease(sessionOn(cluster), FLAGS, (event) => told.push(leaseLine(event)))
    expect(kept.barrier()).toBe('bob@desk 12 has the lease')
    await vi.waitFor(() => expect(told).toEqual(['lease: bob@desk 12 has the turn, this watch looks on']))
    await kept.release()
    expect(holder(cluster)).toBe(BOB)
  })

  it('is kept in the namespace that the operator names, and says so where none goes without saying', async () => {
    const everywhere = new FakeCluster()
    Object.assign(everywhere, { target: { ...everywhere.target, namespace: '' } })
    await expect(keepLease(sessionOn(everywhere), FLAGS, () => {})).rejects.toThrow(
      '--lease needs a namespace for the Lease: with -A there is none that goes without saying',
    )
    const flags = { ...FLAGS, 'lease-namespace': 'updater' }
    const kept = await keepLease(sessionOn(everywhere), flags, () => {})
    expect(everywhere.at('leases', 'updater', WATCH_LEASE)).toBeDefined()
    await kept.release()
  })

  it('is kept in the namespace of the Pod with -A inside a cluster', async () => {
    const inside = new FakeCluster()
    Object.assign(inside, { target: { ...inside.target, context: 'in-cluster', namespace: '' } })
    vi.stubEnv('POD_NAMESPACE', 'updater')
    const kept = await keepLease(sessionOn(inside), FLAGS, () => {}).finally(() => vi.unstubAllEnvs())
    expect(kept.name).toEqual({ name: WATCH_LEASE, namespace: 'updater' })
    await kept.release()
  })
})

describe('the flags of the turn', () => {
  it('count whole seconds', () => {
    expect(leaseDuration({ lease: '', 'lease-duration': '1m' })).toBe(60)
    for (const text of ['1500ms', '2s', '2h']) {
      expect(() => leaseDuration({ lease: '', 'lease-duration': text })).toThrow(
        `--lease-duration ${text} cannot be used`,
      )
    }
    expect(() => leaseDuration({ lease: '', 'lease-duration': 'soon' })).toThrow(
      '--lease-duration: "soon" is not a duration',
    )
  })

  it('are of no use without --lease', () => {
    expect(() => leaseDuration({ 'lease-duration': '15s', 'lease-namespace': 'updater' })).toThrow(
      '--lease-namespace is of no use without --lease',
    )
  })
})
