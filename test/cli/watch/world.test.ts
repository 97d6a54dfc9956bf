import { describe, expect, it } from 'vitest'
import { Session } from '../../../src/cli/session/session.ts'
import { UpdateCourse } from '../../../src/cli/update/course.ts'
import { JoinedWorld, type ReadingNotices, type WatchMember } from '../../../src/cli/watch/world.ts'
import { ClusterError } from '../../../src/lib/cluster/client.ts'
import { type CheckedImage, isUpdatable, type UpdatableImage } from '../../../src/lib/engine/checked-image.ts'
import { valueAt } from '../../../src/lib/sandbox/json.ts'
import { FakeCluster } from '../../engine/fake-cluster.ts'
import { FakeRegistry } from '../../engine/fake-registry.ts'
import { FakeSightings } from '../../engine/fake-sightings.ts'
import { type ApplicationText, applicationOf, contextOf, NOW } from '../../engine/world.ts'

class CountingSightings extends FakeSightings {
  saved = 0
  override async save(): Promise<void> {
    this.saved += 1
  }
}

class AwayCluster extends FakeCluster {
  /** Why it cannot be read, while it is set. */
  away = ''
  override async list(path: Parameters<FakeCluster['list']>[0]) {
    if (this.away) throw new ClusterError(this.away, 0, 'Unreachable')
    return super.list(path)
  }
}

/** A cluster with an Application shop, whose image web may go from 1.0.0 to `newest`. */
function cluster(name: string, newest: string, barred = '', text: ApplicationText = {}) {
  const api = new AwayCluster()
  const rules = { 'image-list': 'web=org/web' }
  api.put('applications', applicationOf({ kustomize: ['org/web:1.0.0'], rules, ...text }))
  const registry = new FakeRegistry({ 'org/web': { '1.0.0': {}, [newest]: {} } })
  const sightings = new CountingSightings()
  const session = new Session(
    { ...contextOf(registry, api), sightings },
    { kind: 'table' },
    { color: 'never', v: 0 },
  )
  const course = new UpdateCourse(session, {}, 'none', 'watch')
  const member: WatchMember = { barrier: () => barred, course, name, session }
  return { api, member, sightings }
}

function join(members: readonly WatchMember[], notices?: ReadingNotices): JoinedWorld {
  const run = {
    approve: 'auto',
    dryRun: 'none',
    follows: false,
    interval: 60_000,
    names: [],
    once: false,
  } as const
  const nothing = () => {}
  const stop = {
    exitCode: 0,
    interrupt: nothing,
    release: nothing,
    request: nothing,
    signal: new AbortController().signal,
  }
  return new JoinedWorld(members, run, stop, notices)
}

async function poll(world: JoinedWorld): Promise<CheckedImage[]> {
  const { images, unreadable = [] } = await world.load()
  return [...(await world.check(images, new Map())), ...unreadable]
}

const faces = (rows: readonly CheckedImage[]) =>
  rows.map((row) => `${row.key} ${row.state === 'failed' ? row.error.message : row.scan.winner?.tag}`)
const updates = (rows: readonly CheckedImage[]) => rows.filter(isUpdatable) as UpdatableImage[]

describe('one cluster', () => {
  it('has the keys that it has alone, and its errors are those of the watch', async () => {
    const { api, member } = cluster('', '2.0.0')
    const world = join([member])
    expect(faces(await poll(world))).toEqual(['argocd/shop/web 2.0.0'])
    api.away = 'it is away'
    await expect(world.load()).rejects.toThrow('it is away')
  })
})

describe('two clusters with Applications of the same name', () => {
  it('are told apart by their keys, and each asks its own registries', async () => {
    const [a, b] = [cluster('a', '2.0.0'), cluster('b', '3.0.0')]
    const world = join([a.member, b.member])
    const rows = await poll(world)
    expect(faces(rows)).toEqual(['a/argocd/shop/web 2.0.0', 'b/argocd/shop/web 3.0.0'])
    expect(rows.map((row) => world.memberOf(row).name)).toEqual(['a', 'b'])
  })

  it('are written each by itself, where nothing bars it', async () => {
    const [a, b] = [cluster('a', '2.0.0', 'bob has the lease'), cluster('b', '3.0.0')]
    const world = join([a.member, b.member])
    const [first, second] = updates(await poll(world))
    if (!first || !second) throw new Error('two updates are expected')
    expect([world.barrier([first]), world.barrier([second])]).toEqual(['bob has the lease', ''])
    expect(await world.apply([second], true)).toMatchObject([{ state: 'applied' }])
    const images = ({ api }: typeof a) =>
      valueAt(api.at('applications', 'argocd', 'shop') as never, 'spec', 'source', 'kustomize', 'images')
    expect(images(a)).toEqual(['org/web:1.0.0'])
    expect(images(b)).toEqual(['org/web:3.0.0'])
  })

  it('keep what waits for a person each for itself', async () => {
    const [a, b] = [cluster('a', '2.0.0'), cluster('b', '2.0.0')]
    const world = join([a.member, b.member])
    for (const update of updates(await poll(world))) expect(await world.pendingSince(update)).toEqual(NOW)
    const before = [a.sightings.saved, b.sightings.saved]
    await world.keepPending()
    expect([a.sightings.saved, b.sightings.saved]).toEqual(before.map((count) => count + 1))
    expect([...a.sightings.seen.keys()]).toEqual([
      expect.stringMatching(/^pending .*a\/argocd\/shop\/web:2\.0\.0@/),
    ])
    expect([...b.sightings.seen.keys()]).toEqual([
      expect.stringMatching(/^pending .*b\/argocd\/shop\/web:2\.0\.0@/),
    ])
  })
})

describe('a cluster that cannot be read', () => {
  function open() {
    const [a, b] = [cluster('a', '2.0.0'), cluster('b', '3.0.0')]
    const told: string[] = []
    const world = join([a.member, b.member], {
      firstLoad: async ({ name }) => void told.push(`${name} read`),
      unreadable: ({ name }, { message }) => void told.push(`${name}: ${message}`),
    })
    return { a, b, told, world }
  }

  it('keeps its rows, with the reason, and the other goes on', async () => {
    const { b, told, world } = open()
    await poll(world)
    b.api.away = 'it is away'
    expect(faces(await poll(world))).toEqual(['a/argocd/shop/web 2.0.0', 'b/argocd/shop/web it is away'])
    await poll(world)
    expect(world.unreadable).toBe(1)
    b.api.away = ''
    expect(faces(await poll(world))).toEqual(['a/argocd/shop/web 2.0.0', 'b/argocd/shop/web 3.0.0'])
    expect(world.unreadable).toBe(0)
    expect(told).toEqual(['a read', 'b read', 'b: it is away'])
  })

  it('is told where it never had rows', async () => {
    const { b, told, world } = open()
    b.api.away = 'it is away'
    expect(faces(await poll(world))).toEqual(['a/argocd/shop/web 2.0.0'])
    expect(told).toEqual(expect.arrayContaining(['a read', 'b: it is away']))
  })

  it('is an error of the watch when it is every one', async () => {
    const { a, b, world } = open()
    a.api.away = 'a is away'
    b.api.away = 'b is away'
    await expect(world.load()).rejects.toThrow('a is away')
  })
})
