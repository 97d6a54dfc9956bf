import { describe, expect, it, type TestContext, vi } from 'vitest'
import { readChangeRecord } from '../../src/lib/application/change-record.ts'
import type { KubernetesObject } from '../../src/lib/application/kubernetes-object.ts'
import { openCluster } from '../../src/lib/cluster/open-cluster.ts'
import { WATCH_LEASE } from '../../src/lib/engine/watch-lease.ts'
import { textAt } from '../../src/lib/sandbox/json.ts'
import { runningDigests } from './world/cluster-facts.ts'
import type { Interceptor } from './world/detour.ts'
import { DEADLINE, type Running } from './world/plugin.ts'
import { startWorld, type World } from './world/world.ts'

vi.setConfig({ testTimeout: 120_000 })

/** Seconds. Short, so that the tests are; the proportions are those of the default. */
const DURATION = 6
const RETRY = (DURATION * 2) / 15
/** For a machine that is busy. */
const SLACK = 3

interface LeaseSpec {
  readonly holderIdentity: string
  readonly acquireTime: string
  readonly renewTime: string
  readonly leaseDurationSeconds: number
}

interface Scene {
  readonly world: World
  /** What a Lease said, oldest first. */
  readonly leaseSays: (name?: string) => LeaseSpec[]
  /** Starts a watch as a Deployment would. */
  readonly watch: (...args: string[]) => Running
  /** Patches of this Application that reached the API server. */
  readonly patches: (application: string) => number
}

/** A cluster whose API and registry are reached by detours, and somebody who writes down what its Leases say. */
async function openScene(test: TestContext): Promise<Scene> {
  const world = await startWorld({ detours: true })
  const flags = { kubeconfig: world.kubeconfig, namespace: world.namespace }
  const client = await openCluster(flags, {}, { stdinIsTerminal: false, version: 'test' })
  const ending = new AbortController()
  test.onTestFinished(async () => {
    ending.abort()
    await client.close()
    await world.close()
  })
  const told: KubernetesObject[] = []
  const leases = {
    group: 'coordination.k8s.io',
    namespace: world.namespace,
    resource: 'leases',
    version: 'v1',
  }
  const writeDown = async () => {
    for await (const { object } of client.watch(leases, { resourceVersion: '', signal: ending.signal })) {
      told.push(object)
    }
  }
  writeDown().catch(() => {})
  return {
    leaseSays: (name = WATCH_LEASE) =>
      told.filter(({ metadata }) => metadata.name === name).map((object) => object['spec'] as LeaseSpec),
    patches: (application) =>
      world.api?.requests.filter(
        (line) => line.startsWith('PATCH') && line.includes(`/applications/${application}?`),
      ).length ?? 0,
    watch: (...args) =>
      world.start([
        'watch',
        '--interval',
        '10s',
        '--lease',
        '--lease-duration',
        `${DURATION}s`,
        '-o',
        'json',
        ...args,
      ]),
    world,
  }
}

/** An Application whose tag `production` is followed. */
async function follow(world: World, name: string, labels: Record<string, string> = {}): Promise<void> {
  const image = world.repository(name)
  await world.push(name, 'production')
  await world.deploy({
    images: { app: `${image}:production` },
    labels,
    name,
    rules: {
      'app.image-tag-filter': '^production$',
      'app.update-strategy': 'newest-build',
      'image-list': `app=${image}`,
    },
  })
  await world.settle()
}

interface Told {
  readonly type: string
  readonly state?: string
  readonly reason?: string
  readonly image?: { readonly application: string }
}

function eventsOf({ stdout }: Running): Told[] {
  const lines = stdout.split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as Told)
}

const applied = (running: Running) =>
  eventsOf(running).flatMap(({ image, type }) => (type === 'applied' ? [image?.application] : []))
const turns = (running: Running) =>
  eventsOf(running).flatMap(({ state, type }) => (type === 'lease' ? [state] : []))
const cycles = (running: Running) => eventsOf(running).filter(({ type }) => type === 'cycle').length

/** Two watches: the first has the turn and has polled once, the second stands by. */
async function leaderAndStandby({ watch }: Scene, ...args: string[]): Promise<[Running, Running]> {
  const leader = watch(...args)
  await leader.until(() => expect(cycles(leader)).toBe(1))
  const standby = watch(...args)
  await standby.until(() => expect(turns(standby)).toEqual(['waiting']))
  return [leader, standby]
}

/** The update is in the cluster, once: in the history, among the Events, in the Pods. */
async function expectOnce({ world }: Scene, name: string, digest: string): Promise<void> {
  await world.settle()
  expect(await runningDigests(world, name)).toEqual([digest])
  const application = await world.read('Application', world.namespace, name)
  expect(readChangeRecord(application as never).entries).toHaveLength(1)
}

async function updateEvents({ world }: Scene, name: string): Promise<number> {
  const events = await world.list('Event', world.namespace)
  return events.filter(
    (event) =>
      textAt(event, 'reason') === 'ImagesUpdated' && textAt(event, 'involvedObject', 'name') === name,
  ).length
}

/** Seconds from the last renewal by the holder before to the moment in which the next one had the turn. */
function gapOf(said: readonly LeaseSpec[]): number {
  const first = said.findIndex(({ holderIdentity }, index) => {
    const before = said[index - 1]?.holderIdentity
    return (
      index > 0 &&
      holderIdentity !== '' &&
      holderIdentity !== said[0]?.holderIdentity &&
      before !== holderIdentity
    )
  })
  const [before, after] = [said[first - 1], said[first]]
  if (!before || !after) throw new Error(`nobody took over: ${JSON.stringify(said)}`)
  return (Date.parse(after.acquireTime) - Date.parse(before.renewTime)) / 1000
}

describe.concurrent('when the leader is killed', () => {
  it('before it polled: the other one goes on within the time of the Lease, and applies what it missed, once', async (test) => {
    const scene = await openScene(test)
    const { leaseSays, patches, world } = scene
    await follow(world, 'shop')
    const [leader, standby] = await leaderAndStandby(scene)
    const moved = await world.push('shop', 'production')
    leader.signal('SIGKILL')
    await leader.finished
    await standby.until(() => expect(applied(standby)).toEqual(['shop']))
    await vi.waitFor(() => expect(leaseSays().length).toBeGreaterThan(0), DEADLINE)
    const gap = gapOf(leaseSays())
    expect(gap).toBeGreaterThanOrEqual(DURATION - 0.1)
    expect(gap).toBeLessThan(DURATION + RETRY + SLACK)
    expect(turns(standby)).toEqual(['waiting', 'acquired'])
    await standby.until(() => expect(cycles(standby)).toBe(2))
    expect({ events: await updateEvents(scene, 'shop'), patches: patches('shop') }).toEqual({
      events: 1,
      patches: 1,
    })
    await expectOnce(scene, 'shop', moved)
  })

  it('right after its write: the other one sees that there is nothing left to do', async (test) => {
    const scene = await openScene(test)
    const { patches, world } = scene
    await follow(world, 'shop')
    const [leader, standby] = await leaderAndStandby(scene)
    const moved = await world.push('shop', 'production')
    const { metadata } = await world.read('Application', world.namespace, 'shop')
    await vi.waitFor(
      async () => {
        const now = await world.read('Application', world.namespace, 'shop')
        expect(readChangeRecord(now as never).entries).toHaveLength(1)
        expect(now['metadata']).not.toEqual(metadata)
        leader.signal('SIGKILL')
      },
      { interval: 5, timeout: DEADLINE },
    )
    await leader.finished
    await standby.until(() => expect(cycles(standby)).toBe(2))
    expect(applied(standby)).toEqual([])
    expect(patches('shop')).toBe(1)
    await expectOnce(scene, 'shop', moved)
  })

  it('while its write is on the way: that one never arrives, and the other one applies it', async (test) => {
    const scene = await openScene(test)
    const { world } = scene
    await follow(world, 'shop')
    const [leader, standby] = await leaderAndStandby(scene)
    const underWay = holdFirst(
      world,
      (line) => line.startsWith('PATCH') && line.includes('/applications/shop?'),
    )
    const moved = await world.push('shop', 'production')
    await underWay.arrived
    leader.signal('SIGKILL')
    await leader.finished
    await underWay.abandoned
    underWay.release()
    await standby.until(() => expect(applied(standby)).toEqual(['shop']))
    await standby.until(() => expect(cycles(standby)).toBe(2))
    await expectOnce(scene, 'shop', moved)
  })
})

/** Keeps the first request that matches until it is released; the others pass. */
function holdFirst({ api, registry }: World, matches: (line: string) => boolean) {
  const [arrived, released] = [Promise.withResolvers<void>(), Promise.withResolvers<undefined>()]
  const abandoned = Promise.withResolvers<void>()
  let first = true
  const intercept: Interceptor = (line, gone) => {
    if (!first || !matches(line)) return undefined
    first = false
    abandoned.resolve(gone)
    arrived.resolve()
    return released.promise
  }
  for (const detour of [api, registry]) if (detour) detour.intercept = intercept
  return {
    /** That whoever asked has gone away, or been answered. */
    abandoned: abandoned.promise,
    arrived: arrived.promise,
    release: () => released.resolve(undefined),
  }
}

describe.concurrent('when the leader hangs and goes on after the other one took over', () => {
  it('with an update that it found before: it writes nothing', async (test) => {
    const scene = await openScene(test)
    const { patches, world } = scene
    await follow(world, 'shop')
    const [leader, standby] = await leaderAndStandby(scene)
    const listing = holdFirst(world, (line) => line.includes('/shop/tags/list'))
    const moved = await world.push('shop', 'production')
    await listing.arrived
    leader.signal('SIGSTOP')
    listing.release()
    await standby.until(() => expect(applied(standby)).toEqual(['shop']))
    leader.signal('SIGCONT')
    await leader.until(() => expect(turns(leader)).toEqual(['acquired', 'lost', 'waiting']))
    await leader.until(() => expect(cycles(leader)).toBe(2))
    leader.signal('SIGTERM')
    expect(await leader.finished).toMatchObject({ code: 0 })
    expect(applied(leader)).toEqual([])
    expect(patches('shop')).toBe(1)
    expect(await updateEvents(scene, 'shop')).toBe(1)
    await expectOnce(scene, 'shop', moved)
  })

  it('with a write under way: the API server refuses it, and it is not tried again', async (test) => {
    const scene = await openScene(test)
    const { patches, world } = scene
    await follow(world, 'shop')
    const [leader, standby] = await leaderAndStandby(scene)
    const underWay = holdFirst(
      world,
      (line) => line.startsWith('PATCH') && line.includes('/applications/shop?'),
    )
    const moved = await world.push('shop', 'production')
    await underWay.arrived
    leader.signal('SIGSTOP')
    await standby.until(() => expect(applied(standby)).toEqual(['shop']))
    underWay.release()
    leader.signal('SIGCONT')
    await leader.until(() => expect(eventsOf(leader).map(({ type }) => type)).toContain('unchanged'))
    leader.signal('SIGTERM')
    expect(await leader.finished).toMatchObject({ code: 0 })
    expect(applied(leader)).toEqual([])
    expect(patches('shop')).toBe(2)
    expect(await updateEvents(scene, 'shop')).toBe(1)
    await expectOnce(scene, 'shop', moved)
  })

  it('where only its requests about the Lease hang: it stops before its time is over', async (test) => {
    const scene = await openScene(test)
    const { leaseSays, world } = scene
    await follow(world, 'shop')
    const leader = scene.watch()
    await leader.until(() => expect(cycles(leader)).toBe(1))
    if (world.api) {
      const never = Promise.withResolvers<undefined>()
      test.onTestFinished(() => never.resolve(undefined))
      world.api.intercept = (line) => (line.includes(`/leases/${WATCH_LEASE}`) ? never.promise : undefined)
    }
    await leader.until(() => expect(turns(leader)).toContain('lost'))
    const lost = eventsOf(leader).find(({ state }) => state === 'lost') as Told & { readonly at: string }
    const age = (Date.parse(lost.at) - Date.parse(leaseSays().at(-1)?.renewTime ?? '')) / 1000
    expect(age).toBeLessThan(DURATION)
    expect(turns(leader)).toEqual(['acquired', 'unreachable', 'lost'])
  })
})

describe.concurrent('a leader that is asked to stop', () => {
  it('lets the other one begin at once', async (test) => {
    const scene = await openScene(test)
    const { leaseSays, world } = scene
    await follow(world, 'shop')
    const [leader, standby] = await leaderAndStandby(scene)
    leader.signal('SIGTERM')
    expect(await leader.finished).toMatchObject({ code: 0 })
    await standby.until(() => expect(cycles(standby)).toBe(1))
    expect(leaseSays().map(({ holderIdentity }) => holderIdentity)).toContain('')
    expect(gapOf(leaseSays())).toBeLessThan(DURATION / 2)
  })
})

describe.concurrent('a watch that stands by', () => {
  it('asks no registry, and is ready', async (test) => {
    const scene = await openScene(test)
    await follow(scene.world, 'shop')
    const leader = scene.watch()
    await leader.until(() => expect(cycles(leader)).toBe(1))
    const standby = scene.watch('--metrics-addr', '127.0.0.1:0')
    await standby.until(() => expect(turns(standby)).toEqual(['waiting']))
    // For another whole interval.
    await leader.until(() => expect(cycles(leader)).toBe(2))
    const [, address] = /metrics and probes at (\S+)$/m.exec(standby.stderr) ?? []
    const [healthz, metrics, readyz] = await Promise.all(
      ['healthz', 'metrics', 'readyz'].map(async (path) => (await fetch(`${address}/${path}`)).text()),
    )
    expect({ healthz, readyz }).toEqual({ healthz: 'ok\n', readyz: 'ok\n' })
    expect(metrics).toMatch(/^image_updater_lease_held\{.*\} 0$/m)
    expect(metrics).not.toContain('image_updater_registry_requests_total{')
    expect(cycles(standby)).toBe(0)
  })
})

describe.concurrent('shards', () => {
  it('have a Lease and a leader each, and share nothing', async (test) => {
    const scene = await openScene(test)
    const { leaseSays, world } = scene
    await follow(world, 'shop', { shard: 'a' })
    await follow(world, 'blog', { shard: 'b' })
    const shard = (name: string) => leaderAndStandby(scene, `--lease=shard-${name}`, '-l', `shard=${name}`)
    const [[a, standbyA], [b]] = await Promise.all([shard('a'), shard('b')])
    const moved = await Promise.all(['shop', 'blog'].map((name) => world.push(name, 'production')))
    await a.until(() => expect(applied(a)).toEqual(['shop']))
    await b.until(() => expect(applied(b)).toEqual(['blog']))
    a.signal('SIGKILL')
    await a.finished
    await standbyA.until(() => expect(turns(standbyA)).toEqual(['waiting', 'acquired']))
    const holders = (name: string) => new Set(leaseSays(name).map(({ holderIdentity }) => holderIdentity))
    expect([holders('shard-a').size, holders('shard-b').size]).toEqual([2, 1])
    expect(turns(b)).toEqual(['acquired'])
    await expectOnce(scene, 'shop', moved[0] ?? '')
    await expectOnce(scene, 'blog', moved[1] ?? '')
  })
})
