import { describe, expect, it } from 'vitest'
import { ClusterError } from '../../src/lib/cluster/client.ts'
import { LEASE_DURATION, WATCH_LEASE, WatchLease } from '../../src/lib/engine/watch-lease.ts'
import { whoWatches } from '../../src/lib/engine/who-watches.ts'
import { FakeCluster } from './fake-cluster.ts'
import { FakeTime } from './fake-time.ts'

const NAME = { name: WATCH_LEASE, namespace: 'argocd' }

/** Watches that take turns in one cluster, on one clock; each has a connection that can break. */
class Turns {
  readonly cluster = new FakeCluster()
  readonly time = new FakeTime()
  /** `20 ada acquired`, in order. */
  readonly told: string[] = []
  readonly #stops: AbortController[] = []

  watch(
    identity: string,
    duration = LEASE_DURATION,
  ): { readonly lease: WatchLease; readonly kill: () => void; offline: boolean } {
    const line = { offline: false }
    const reach = <T>(work: () => Promise<T>): Promise<T> =>
      line.offline ? Promise.reject(new ClusterError('it is away', 0, 'Unreachable')) : work()
    const client = new Proxy(this.cluster, {
      get: (cluster, verb: 'get' | 'create' | 'replace') => (path: never, object: never) =>
        reach(() => cluster[verb](path, object)),
    })
    const world = {
      client,
      elapsed: () => this.time.elapsed(),
      now: () => this.time.now(),
      pause: (milliseconds: number, signal: AbortSignal) => this.time.pause(milliseconds, signal),
    }
    const stop = new AbortController()
    this.#stops.push(stop)
    const lease = new WatchLease(world, { ...NAME, duration, identity })
    void this.#tell(identity, lease, stop.signal)
    return Object.assign(line, { kill: () => stop.abort(), lease })
  }

  async #tell(identity: string, lease: WatchLease, signal: AbortSignal): Promise<void> {
    for await (const event of lease.keep(signal)) {
      const about = {
        acquired: 'from' in event ? event.from : '',
        lost: 'reason' in event ? event.reason : '',
        unreachable: 'error' in event ? event.error.message : '',
        waiting: 'holder' in event ? event.holder : '',
      }[event.type]
      this.told.push(`${this.time.secondOf(event.at)} ${identity} ${event.type} ${about}`.trim())
    }
  }

  /** So many seconds, one by one. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) await this.time.passing(1)
  }

  get spec(): unknown {
    return this.cluster.at('leases', 'argocd', WATCH_LEASE)?.['spec']
  }
}

describe('one watch at a time', () => {
  it('the first has the turn and keeps it, the second looks on', async () => {
    const turns = new Turns()
    const ada = turns.watch('ada')
    await turns.pass(1)
    const bob = turns.watch('bob')
    await turns.pass(600)
    expect(turns.told).toEqual(['0 ada acquired', '1 bob waiting ada'])
    expect([ada.lease.held, bob.lease.held]).toEqual([true, false])
    expect(turns.spec).toMatchObject({
      acquireTime: '2026-03-01T12:00:00.000000Z',
      holderIdentity: 'ada',
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
      renewTime: '2026-03-01T12:10:00.000000Z',
    })
  })

  it('of two that begin at once, one wins', async () => {
    const turns = new Turns()
    const watches = [turns.watch('ada'), turns.watch('bob')]
    await turns.pass(30)
    expect(watches.filter(({ lease }) => lease.held)).toHaveLength(1)
    expect(turns.told.map((line) => line.split(' ')[2]).sort()).toEqual(['acquired', 'waiting'])
  })

  it('another takes over when the first is killed, within the time of the Lease', async () => {
    const turns = new Turns()
    const ada = turns.watch('ada')
    const bob = turns.watch('bob')
    await turns.pass(41)
    ada.kill()
    // That ada renewed it at 40 s was seen at 40 s.
    await turns.pass(13)
    expect(bob.lease.held).toBe(false)
    await turns.pass(1)
    expect(turns.told.at(-1)).toBe('55 bob acquired ada')
    expect(ada.lease.held).toBe(false)
    expect(turns.spec).toMatchObject({ holderIdentity: 'bob', leaseTransitions: 1 })
  })

  it('of many that wait, one takes over', async () => {
    const turns = new Turns()
    const ada = turns.watch('ada')
    await turns.pass(1)
    const others = ['bob', 'cem', 'dan'].map((name) => turns.watch(name))
    await turns.pass(10)
    ada.kill()
    await turns.pass(100)
    expect(others.filter(({ lease }) => lease.held)).toHaveLength(1)
  })

  it('another begins at once when the first gives it back', async () => {
    const turns = new Turns()
    const ada = turns.watch('ada')
    const bob = turns.watch('bob')
    await turns.pass(3)
    ada.kill()
    await ada.lease.release()
    expect(ada.lease.held).toBe(false)
    await turns.pass(2)
    expect(turns.told.at(-1)).toBe('4 bob acquired')
    expect(bob.lease.held).toBe(true)
  })

  it('keeps its turn whatever its duration is', async () => {
    const turns = new Turns()
    const ada = turns.watch('ada', 7)
    await turns.pass(60)
    expect(turns.told).toEqual(['0 ada acquired'])
    expect(ada.lease.held).toBe(true)
    expect(turns.spec).toMatchObject({ leaseDurationSeconds: 7 })
  })

  it('does not go by the clock of the other machine', async () => {
    const turns = new Turns()
    const { metadata, spec } = {
      metadata: { name: WATCH_LEASE, namespace: 'argocd' },
      spec: { holderIdentity: 'far', leaseDurationSeconds: 60, renewTime: '2020-01-01T00:00:00.000000Z' },
    }
    turns.cluster.put('leases', { metadata, spec })
    turns.watch('ada')
    await turns.pass(59)
    expect(turns.told).toEqual(['0 ada waiting far'])
    await turns.pass(1)
    expect(turns.told.at(-1)).toBe('60 ada acquired far')
  })
})

describe('a turn that is lost', () => {
  it('is over before others may take it, where the cluster is away', async () => {
    const turns = new Turns()
    const ada = turns.watch('ada')
    const bob = turns.watch('bob')
    await turns.pass(21)
    ada.offline = true
    await turns.pass(8)
    expect(ada.lease.held).toBe(true)
    await turns.pass(1)
    expect(ada.lease.held).toBe(false)
    expect(bob.lease.held).toBe(false)
    expect(turns.told.slice(2)).toEqual([
      '22 ada unreachable it is away',
      '30 ada lost it could not be renewed in time',
    ])
    await turns.pass(5)
    expect(turns.told.at(-1)).toBe('35 bob acquired ada')
    ada.offline = false
    await turns.pass(5)
    expect(turns.told.at(-1)).toBe('37 ada waiting bob')
  })

  it('is noticed after a sleep, without asking anybody', async () => {
    const turns = new Turns()
    const ada = turns.watch('ada')
    await turns.pass(1)
    turns.time.sleep(8 * 3_600_000)
    expect(ada.lease.held).toBe(false)
  })

  it('does not come back by setting the clock, and is not taken early by that', async () => {
    const turns = new Turns()
    const ada = turns.watch('ada')
    const bob = turns.watch('bob')
    await turns.pass(3)
    ada.offline = true
    turns.time.set(-3_600_000)
    await turns.pass(9)
    expect(ada.lease.held).toBe(false)
    turns.time.set(2 * 3_600_000)
    await turns.pass(3)
    expect(bob.lease.held).toBe(false)
    await turns.pass(2)
    expect(bob.lease.held).toBe(true)
  })

  it('is told when somebody takes it away', async () => {
    const turns = new Turns()
    const ada = turns.watch('ada')
    await turns.pass(1)
    const lease = turns.cluster.at('leases', 'argocd', WATCH_LEASE)
    if (!lease) throw new Error('there is no Lease')
    turns.cluster.put('leases', { ...lease, spec: { holderIdentity: 'eve', leaseDurationSeconds: 60 } })
    await turns.pass(2)
    expect(turns.told.slice(1)).toEqual(['2 ada lost eve has it', '2 ada waiting eve'])
    expect(ada.lease.held).toBe(false)
  })

  it('is not lost by a mere conflict', async () => {
    const turns = new Turns()
    const ada = turns.watch('ada')
    await turns.pass(1)
    let meddle = 1
    turns.cluster.beforePatch = () => {
      const lease = turns.cluster.at('leases', 'argocd', WATCH_LEASE)
      meddle -= 1
      if (meddle >= 0 && lease) turns.cluster.put('leases', lease)
    }
    await turns.pass(60)
    expect(turns.told).toEqual(['0 ada acquired'])
    expect(ada.lease.held).toBe(true)
  })
})

describe('who watches', () => {
  it('is the holder, until it has been silent for long', async () => {
    const turns = new Turns()
    const look = () => whoWatches({ client: turns.cluster, now: () => turns.time.now() }, NAME)
    expect(await look()).toBeUndefined()
    const ada = turns.watch('ada')
    await turns.pass(30)
    expect(await look()).toEqual({ holder: 'ada', since: new Date('2026-03-01T12:00:00Z') })
    ada.kill()
    await turns.pass(200)
    expect(await look()).toBeUndefined()
  })

  it('is nobody after it was given back, and where it may not be read', async () => {
    const turns = new Turns()
    const ada = turns.watch('ada')
    await turns.pass(1)
    const look = () => whoWatches({ client: turns.cluster, now: () => turns.time.now() }, NAME)
    turns.cluster.readErrors.push(new ClusterError('no', 403, 'Forbidden'))
    expect(await look()).toBeUndefined()
    ada.kill()
    await ada.lease.release()
    expect(await look()).toBeUndefined()
  })
})
