import { describe, expect, it } from 'vitest'
import { ClusterError } from '../../src/lib/cluster/client.ts'
import {
  type FollowEvent,
  type FollowOptions,
  type FollowWorld,
  followApplication,
  followWorkload,
} from '../../src/lib/engine/follow.ts'
import type { FollowGoal } from '../../src/lib/engine/follow-state.ts'
import { FakeCluster } from './fake-cluster.ts'
import { FakeTime } from './fake-time.ts'
import { goal, JUST_WRITTEN, type Report, shop } from './followed-shop.ts'
import { deployment } from './world.ts'

const LIMIT = 300_000

/** A cluster, a clock that only moves when told, and what is told of the shop. */
class Following {
  readonly cluster = new FakeCluster()
  readonly time = new FakeTime()
  readonly stop = new AbortController()
  readonly told: string[] = []
  readonly world: FollowWorld = {
    client: this.cluster,
    now: () => this.time.now(),
    pause: (milliseconds, signal) => this.time.pause(milliseconds, signal),
  }
  readonly options: FollowOptions = { limit: LIMIT, signal: this.stop.signal }

  constructor(first: Report = JUST_WRITTEN) {
    this.report(first)
  }

  report(report: Report): void {
    this.cluster.put('applications', shop(report))
  }

  /** Follows to the end; `script` does the next thing after each event. */
  async play(script: readonly (() => void)[], of: FollowGoal = goal()): Promise<readonly string[]> {
    return this.tell(followApplication(this.world, of, this.options), script)
  }

  async tell(events: AsyncGenerator<FollowEvent>, script: readonly (() => void)[]): Promise<string[]> {
    const steps = [...script]
    for await (const { at, state, sync, health, message } of events) {
      this.told.push(
        `${this.time.secondOf(at)} ${[state, sync, health].filter(Boolean).join(' ')}: ${message}`,
      )
      const step = steps.shift()
      if (step) setImmediate(step)
    }
    return this.told
  }
}

const refused = (status: number) => new ClusterError(`refused with ${status}`, status, '')

describe('following an Application', () => {
  it('tells every change until it runs what was written', async () => {
    const following = new Following()
    expect(
      await following.play([
        () => following.report({ live: [], sync: 'OutOfSync' }),
        () => following.report({ health: 'Progressing' }),
        () => following.report({}),
      ]),
    ).toEqual([
      '0 waiting Synced Healthy: Argo CD has not compared it yet',
      '0 waiting OutOfSync Healthy: Argo CD has not synced it yet',
      '0 synced Synced Progressing: it is Progressing',
      '0 healthy Synced Healthy: it runs what was written',
    ])
    expect(following.cluster.watches).toBe(1)
  })

  it('gives up when time is up', async () => {
    const following = new Following()
    await following.play([() => following.time.advance(LIMIT)])
    expect(following.told.at(-1)).toBe('300 timed-out Synced Healthy: Argo CD has not compared it yet')
  })

  it('ends when it is told to', async () => {
    const following = new Following()
    await following.play([() => following.stop.abort()])
    expect(following.told.at(-1)).toMatch(/^0 stopped /)
  })

  it('ends at once where Argo CD will not sync', async () => {
    const following = new Following({ ...JUST_WRITTEN, automated: false })
    expect(await following.play([])).toEqual([
      '0 not-syncing Synced Healthy: Argo CD will not sync this by itself',
    ])
  })

  it('ends when it is deleted', async () => {
    const following = new Following()
    await following.play([() => following.cluster.remove('applications', 'argocd', 'shop')])
    expect(following.told.at(-1)).toBe('0 failed Synced Healthy: it was deleted')
  })

  it('reads it again and again where it may not be watched, ever less often', async () => {
    const following = new Following()
    following.cluster.watchErrors.push(refused(403))
    const told = following.play([])
    await following.time.passing(1)
    await following.time.passing(2)
    following.report({})
    await following.time.passing(4)
    expect((await told).at(-1)).toBe('7 healthy Synced Healthy: it runs what was written')
    expect(following.cluster.watches).toBe(1)
  })

  it.each([
    ['breaks', 0],
    ['fell too far behind', 410],
    ['was refused for a moment', 503],
  ])('takes up a watch that %s', async (_, status) => {
    const following = new Following()
    const told = following.play([() => following.cluster.breakWatches(refused(status))])
    await following.time.passing(1)
    following.report({})
    expect((await told).at(-1)).toMatch(/healthy/)
    expect(following.cluster.watches).toBeGreaterThan(1)
  })

  it('begins with what is there where the version it read is forgotten', async () => {
    const following = new Following()
    following.cluster.watchErrors.push(refused(410))
    await following.play([() => following.report({})])
    expect(following.told.at(-1)).toMatch(/^0 healthy/)
  })

  it('says that it cannot read it, and goes on', async () => {
    const following = new Following()
    following.cluster.readErrors.push(refused(0))
    const told = following.play([])
    await following.time.passing(1)
    following.report({})
    expect((await told)[0]).toBe('0 waiting: refused with 0')
    expect(following.told.at(-1)).toMatch(/healthy/)
  })

  it('ends where it may not be read', async () => {
    const following = new Following()
    following.cluster.readErrors.push(refused(403))
    expect(await following.play([])).toEqual(['0 failed: refused with 403'])
  })
})

describe('following a restarted workload', () => {
  it('tells how its Pods are replaced', async () => {
    const following = new Following()
    const put = (observedGeneration: number, availableReplicas: number) => {
      const { metadata, ...rest } = deployment('web', 'org/web:1')
      const status = { availableReplicas, observedGeneration, replicas: 1, updatedReplicas: 1 }
      following.cluster.put('deployments', { ...rest, metadata: { ...metadata, generation: 2 }, status })
    }
    put(1, 1)
    const workload = {
      application: 'argocd/shop',
      kind: 'Deployment',
      name: 'web',
      namespace: 'apps',
    } as const
    const events = followWorkload(following.world, workload, following.options)
    expect(await following.tell(events, [() => put(2, 0), () => put(2, 1)])).toEqual([
      '0 waiting: its controller has not noticed the change yet',
      '0 waiting: 0 of 1 new Pods are available',
      '0 healthy: all Pods run the new template',
    ])
  })
})
