import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import type { ImageOverride } from '../../src/lib/application/override/override.ts'
import { applicationPath } from '../../src/lib/cluster/applications.ts'
import { EventRecorder } from '../../src/lib/cluster/events.ts'
import type { KubernetesClient } from '../../src/lib/cluster/kubernetes-client.ts'
import { openCluster } from '../../src/lib/cluster/open-cluster.ts'
import { requestRefresh, requestSync } from '../../src/lib/engine/argo-requests.ts'
import { type FollowEvent, followApplication, followWorkload } from '../../src/lib/engine/follow.ts'
import type { FollowGoal } from '../../src/lib/engine/follow-state.ts'
import { imagesUpdated } from '../../src/lib/engine/update-event.ts'
import { WatchLease } from '../../src/lib/engine/watch-lease.ts'
import { whoWatches } from '../../src/lib/engine/who-watches.ts'
import { parseImageReference } from '../../src/lib/image/reference.ts'
import { applicationWrite } from '../../src/lib/writeback/application-write.ts'
import { applyWrite } from '../../src/lib/writeback/apply.ts'
import { FakeTime } from '../engine/fake-time.ts'
import { startWorld, type World } from './world/world.ts'

const REFRESH = 'argocd.argoproj.io/refresh'
let world: World
let client: KubernetesClient
let image: string

beforeAll(async () => {
  world = await startWorld()
  image = world.repository('web')
  for (const tag of ['1.0.0', '1.1.0', '1.2.0', '1.3.0-broken']) await world.push('web', tag)
  for (const name of ['shop', 'manual', 'fragile']) {
    await world.deploy({ images: { web: `${image}:1.0.0` }, name })
  }
  await world.settle()
  const flags = { kubeconfig: world.kubeconfig, namespace: world.namespace }
  client = await openCluster(flags, {}, { stdinIsTerminal: false, version: 'test' })
})
afterAll(async () => {
  await client?.close()
  await world?.close()
})

const read = async (name: string) => (await client.get(applicationPath(world.namespace, name))) as Application

/** Writes an image into an Application, as update does. */
async function write(name: string, tag: string): Promise<FollowGoal> {
  const overrides: ImageOverride[] = [{ image: parseImageReference(`${image}:${tag}`), targets: {} }]
  const planned = applicationWrite(await read(name), overrides)
  const outcome = planned && (await applyWrite(client, planned, { dryRun: 'none' }))
  if (outcome?.status !== 'applied') throw new Error(`not written: ${outcome?.status}`)
  return { overrides, syncRequested: false, written: outcome.object as Application }
}

const pause = (milliseconds: number, signal: AbortSignal) =>
  sleep(milliseconds, undefined, { signal }).catch(() => {})
const real = () => ({ client, now: () => new Date(), pause })
const options = () => ({ limit: 30_000, signal: AbortSignal.timeout(40_000) })

async function ending(events: AsyncGenerator<FollowEvent>): Promise<FollowEvent | undefined> {
  let last: FollowEvent | undefined
  for await (const event of events) last = event
  return last
}

describe('following what was written', () => {
  it('ends when it runs, and not before', async () => {
    const goal = await write('shop', '1.1.0')
    expect(await ending(followApplication(real(), goal, options()))).toMatchObject({
      health: 'Healthy',
      object: 'application/shop',
      state: 'healthy',
      sync: 'Synced',
    })
    expect((await read('shop')).status?.summary?.images).toContain(`${image}:1.1.0`)
  })

  it('ends when it is Degraded, with the workload to blame', async () => {
    await world.edit('Deployment', world.workloads, 'fragile', { spec: { progressDeadlineSeconds: 1 } })
    const goal = await write('fragile', '1.3.0-broken')
    expect(await ending(followApplication(real(), goal, options()))).toMatchObject({
      degradedBefore: false,
      message: 'deployment/fragile: Deployment "fragile" exceeded its progress deadline',
      state: 'degraded',
    })
    // Undone, it is Degraded still from before for a moment, and that is not taken for the end.
    const undone = await write('fragile', '1.0.0')
    expect(await ending(followApplication(real(), undone, options()))).toMatchObject({
      degradedBefore: true,
      state: 'healthy',
    })
  })

  it('sees a restarted workload through', async () => {
    const template = { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } }
    await world.edit('Deployment', world.workloads, 'shop', { spec: { template } })
    const workload = {
      application: 'shop',
      kind: 'Deployment',
      name: 'shop',
      namespace: world.workloads,
    } as const
    expect(await ending(followWorkload(real(), workload, options()))).toMatchObject({
      object: 'deployment/shop',
      state: 'healthy',
    })
  })
})

describe('asking Argo CD', () => {
  it('to sync what it does not sync by itself', async () => {
    await world.edit('Application', world.namespace, 'manual', { spec: { syncPolicy: { automated: null } } })
    const goal = await write('manual', '1.2.0')
    expect(await ending(followApplication(real(), goal, options()))).toMatchObject({ state: 'not-syncing' })

    await requestSync(client, goal.written, { reason: 'web 1.2.0' })
    const asked = { ...goal, syncRequested: true }
    expect(await ending(followApplication(real(), asked, options()))).toMatchObject({ state: 'healthy' })
    const history = (await read('manual')).status?.['history'] as { initiatedBy: object }[]
    expect(history.at(-1)?.initiatedBy).toMatchObject({ username: 'kubectl-image-updater' })
  })

  it('to compare anew', async () => {
    await requestRefresh(client, await read('shop'), 'hard')
    await world.settle()
    expect((await read('shop')).metadata.annotations ?? {}).not.toHaveProperty([REFRESH])
  })
})

describe('an Event', () => {
  it('is found by who looks for the Events of the Application', async () => {
    const shop = await read('shop')
    const change = {
      after: parseImageReference(`${image}:1.1.0`),
      before: parseImageReference(`${image}:1.0.0`),
    }
    const text = imagesUpdated([change], { by: 'ada@laptop', how: 'update', reason: '' })
    expect(await new EventRecorder(client, 'ada@laptop').record(shop, text, new Date())).toBe('')
    const fieldSelector = `involvedObject.name=shop,involvedObject.uid=${shop.metadata.uid}`
    const events = { group: '', namespace: world.namespace, resource: 'events', version: 'v1' }
    expect(await client.list(events, { fieldSelector })).toMatchObject([
      {
        message: `Updated ${image} 1.0.0 → 1.1.0; by ada@laptop (update)`,
        metadata: { annotations: { 'argocd-image-updater.image-0/new-tag': '1.1.0' } },
        reason: 'ImagesUpdated',
        reportingComponent: 'kubectl-image-updater',
      },
    ])
  })
})

describe('watches that take turns', () => {
  it('never have it both, and follow one another', async () => {
    const time = new FakeTime()
    const name = { name: 'turns', namespace: world.namespace }
    const clock = {
      client,
      elapsed: () => time.now().getTime(),
      now: () => time.now(),
      pause: (milliseconds: number, signal: AbortSignal) => time.pause(milliseconds, signal),
    }
    const watches = ['ada', 'bob'].map((identity) => ({
      identity,
      lease: new WatchLease(clock, { ...name, duration: 60, identity }),
    }))
    await Promise.all(watches.map(({ lease }) => lease.acquire()))
    const [leader, ...more] = watches.filter(({ lease }) => lease.held)
    const follower = watches.find(({ lease }) => !lease.held)
    if (!leader || !follower || more.length > 0) throw new Error('not exactly one has the turn')
    expect(await whoWatches(clock, name)).toMatchObject({ holder: leader.identity })

    // The leader is killed.
    time.advance(59_000)
    expect(await follower.lease.acquire()).toBe(leader.identity)
    time.advance(1_000)
    expect(await follower.lease.acquire()).toBe('')
    expect(await leader.lease.acquire()).toBe(follower.identity)
    expect(leader.lease.held).toBe(false)

    await follower.lease.release()
    expect(await whoWatches(clock, name)).toBeUndefined()
    expect(await leader.lease.acquire()).toBe('')
  })
})
