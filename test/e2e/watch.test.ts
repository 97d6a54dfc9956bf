import { describe, expect, it, type TestContext, vi } from 'vitest'
import { resourceVersion, runningDigests } from './world/cluster-facts.ts'
import type { Running } from './world/plugin.ts'
import { startWorld, type World, type WorldOptions } from './world/world.ts'

// Two polls of the shortest interval, on a busy machine.
vi.setConfig({ testTimeout: 90_000 })

/** The shortest interval the command takes. */
const SHORTEST = ['--interval', '10s']

/** The context says whose world it is: tests run at the same time. */
async function openWorld(test: TestContext, options?: WorldOptions): Promise<World> {
  const world = await startWorld(options)
  test.onTestFinished(() => world.close())
  return world
}

/** An Application whose tag `production` is followed. */
async function follow(world: World, name: string, rules: Record<string, string> = {}): Promise<string> {
  const image = world.repository(name)
  const digest = await world.push(name, 'production')
  await world.deploy({
    name,
    images: { app: `${image}:production` },
    rules: {
      'image-list': `app=${image}`,
      'app.image-tag-filter': '^production$',
      'app.update-strategy': 'newest-build',
      ...rules,
    },
  })
  return digest
}

/** An Application whose rule is about a repository that does not exist. */
async function followNothing(world: World, name: string): Promise<void> {
  const image = world.repository(name)
  await world.deploy({ name, images: { app: `${image}:1.0.0` }, rules: { 'image-list': `app=${image}` } })
}

interface Event {
  readonly type: string
  readonly apiVersion: string
  readonly kind: string
  readonly at: string
  readonly nextAt: string
  readonly image: { readonly application: string; readonly available: { readonly digest: string } }
  readonly changed: readonly { readonly application: string; readonly decision: string }[]
  readonly error: string
  readonly dryRun: boolean
}

function eventsOf({ stdout }: { readonly stdout: string }): Event[] {
  const lines = stdout.split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as Event)
}

function cycles(running: Running): number {
  return eventsOf(running).filter(({ type }) => type === 'cycle').length
}

describe.concurrent('watch --once', () => {
  it('applies what there is, prints the table and a summary, and ends with 0', async (test) => {
    const world = await openWorld(test)
    await follow(world, 'shop')
    await world.settle()
    const moved = await world.push('shop', 'production')
    const { code, stdout, stderr } = await world.run(['watch', '--once'])
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toMatch(/^APPLICATION +IMAGE +RUNNING +AVAILABLE +PUSHED +ACTION$/m)
    expect(stdout).toMatch(new RegExp(`shop/app production.* → production@${moved.slice(7, 19)} applied`))
    expect(stdout).toMatch(/Stopped: 1 poll, 1 applied, 0 failed\.\n$/)
    await world.settle()
    expect(await runningDigests(world, 'shop')).toEqual([moved])
  })

  it.for([{ flag: '--dry-run=client' }, { flag: '--dry-run=server' }, { flag: '--dry-run' }])(
    'writes nothing with $flag',
    async ({ flag }, test) => {
      const world = await openWorld(test)
      await follow(world, 'shop')
      await world.settle()
      await world.push('shop', 'production')
      const before = await resourceVersion(world, 'Application', 'shop')
      const { code, stdout } = await world.run(['watch', '--once', flag, '-o', 'json'])
      expect(code).toBe(0)
      expect(eventsOf({ stdout })).toContainEqual(expect.objectContaining({ type: 'applied', dryRun: true }))
      expect(await resourceVersion(world, 'Application', 'shop')).toBe(before)
    },
  )

  it('goes on with the other images when one fails, and ends with 1', async (test) => {
    const world = await openWorld(test)
    await followNothing(world, 'absent')
    await follow(world, 'shop')
    await world.settle()
    const moved = await world.push('shop', 'production')
    const { code, stdout } = await world.run(['watch', '--once', '-o', 'json'])
    expect(code).toBe(1)
    expect(eventsOf({ stdout })[0]?.changed).toMatchObject([
      { application: 'absent', decision: 'error' },
      { application: 'shop', decision: 'update' },
    ])
    await world.settle()
    expect(await runningDigests(world, 'shop')).toEqual([moved])
  })
})

describe.concurrent('watch', () => {
  it('sees a moved tag and applies it within the interval, tells it as JSON, and ends with 130 on SIGINT', async (test) => {
    const world = await openWorld(test)
    await follow(world, 'shop')
    await world.settle()
    const watching = world.start(['watch', ...SHORTEST, '-o', 'json'])
    await watching.until(() => expect(cycles(watching)).toBe(1))
    const moved = await world.push('shop', 'production')
    const pushed = Date.now()
    await watching.until(() =>
      expect(eventsOf(watching)).toContainEqual(expect.objectContaining({ type: 'applied' })),
    )
    const applied = eventsOf(watching).find(({ type }) => type === 'applied')
    expect(applied).toMatchObject({
      apiVersion: 'image-updater/v1',
      kind: 'WatchEvent',
      image: { application: 'shop', available: { digest: moved } },
    })
    expect(Date.parse(applied?.at ?? '') - pushed).toBeLessThan(12_000)
    watching.signal('SIGINT')
    const { code, stdout, stderr } = await watching.finished
    expect(code).toBe(130)
    expect(stderr).toContain('Stopping; Ctrl-C again leaves at once.')
    expect(eventsOf({ stdout }).at(-1)).toMatchObject({ type: 'stopped', cycles: 2, applied: 1, failed: 0 })
    await world.settle()
    expect(await runningDigests(world, 'shop')).toEqual([moved])
  })

  it('polls an image with image-poll-interval: 5m less often than the others', async (test) => {
    const world = await openWorld(test, { detours: true })
    await follow(world, 'quick')
    await follow(world, 'slow', { 'app.image-poll-interval': '5m' })
    await world.settle()
    const { stdout } = await world.run(['list', '-o', 'json'])
    expect(JSON.parse(stdout).items).toMatchObject([
      { application: 'quick', pollInterval: null },
      { application: 'slow', pollInterval: 300_000 },
    ])
    const watching = world.start(['watch', ...SHORTEST, '-o', 'json'])
    await watching.until(() => expect(cycles(watching)).toBe(2))
    watching.signal('SIGINT')
    expect(await watching.finished).toMatchObject({ code: 130 })
    const polls = (name: string) =>
      world.registry?.requests.filter((line) => line.includes(`/${name}/`)).length
    expect(polls('slow')).toBeGreaterThan(0)
    expect(polls('quick')).toBeGreaterThan(polls('slow') ?? 0)
  })

  it('survives a registry that is away for a while', async (test) => {
    const world = await openWorld(test, { detours: true })
    await follow(world, 'shop')
    await world.settle()
    await world.registry?.down()
    const watching = world.start(['watch', ...SHORTEST, '-o', 'json'])
    await watching.until(() => expect(cycles(watching)).toBe(1))
    expect(eventsOf(watching)[0]?.changed).toMatchObject([{ application: 'shop', decision: 'error' }])
    await world.registry?.up()
    const moved = await world.push('shop', 'production')
    await watching.until(() =>
      expect(eventsOf(watching)).toContainEqual(expect.objectContaining({ type: 'applied' })),
    )
    watching.signal('SIGINT')
    expect(await watching.finished).toMatchObject({ code: 130 })
    await world.settle()
    expect(await runningDigests(world, 'shop')).toEqual([moved])
  })

  it('survives an API server that restarts', async (test) => {
    const world = await openWorld(test, { detours: true })
    await follow(world, 'shop')
    await world.settle()
    const watching = world.start(['watch', ...SHORTEST, '-o', 'json'])
    await watching.until(() => expect(cycles(watching)).toBe(1))
    await world.api?.down()
    await watching.until(() =>
      expect(eventsOf(watching)).toContainEqual(expect.objectContaining({ type: 'cycle-failed' })),
    )
    const failed = eventsOf(watching).find(({ type }) => type === 'cycle-failed')
    expect(failed?.error).toContain(`cannot reach the API server https://${world.api?.host}`)
    await world.api?.up()
    const moved = await world.push('shop', 'production')
    await watching.until(() =>
      expect(eventsOf(watching)).toContainEqual(expect.objectContaining({ type: 'applied' })),
    )
    watching.signal('SIGINT')
    expect(await watching.finished).toMatchObject({ code: 130 })
    await world.settle()
    expect(await runningDigests(world, 'shop')).toEqual([moved])
  })

  it('says on SIGINT what it did, and repeats no table in which nothing changed', async (test) => {
    const world = await openWorld(test)
    await follow(world, 'shop')
    await world.settle()
    const watching = world.start(['watch'])
    await watching.until(() => expect(watching.stdout).toContain('up to date'))
    expect(watching.stderr).toContain('polling every 2m')
    watching.signal('SIGINT')
    const { code, stdout } = await watching.finished
    expect(code).toBe(130)
    expect(stdout.match(/^APPLICATION .*ACTION$/gm)).toHaveLength(1)
    expect(stdout).toMatch(/Stopped: 1 poll, 0 applied, 0 failed\.\n$/)
  })
})

describe.concurrent('watch refuses', () => {
  it.for([
    {
      what: 'an interval below ten seconds',
      args: ['--interval', '3s'],
      error: 'error: --interval 3s is too short. Poll every 10s at most: registries limit requests\n',
    },
    {
      what: 'an interval that is none',
      args: ['--interval', 'soon'],
      error:
        'error: --interval: "soon" is not a duration. Write numbers with the units s, m or h, for example 30s, 5m or 1h30m\n',
    },
    {
      what: 'an address at which nobody can listen',
      args: ['--metrics-addr', '8080'],
      error:
        'error: --metrics-addr 8080 is no address to listen at. Write :8080 for all addresses, 127.0.0.1:8080 or [::1]:8080\n',
    },
    {
      what: 'a Lease of no namespace',
      args: ['-A', '--lease'],
      error:
        'error: --lease needs a namespace for the Lease: with -A there is none that goes without saying. Name one with --lease-namespace, where this user may create a Lease\n',
    },
    {
      what: 'a turn that is too short',
      args: ['--lease', '--lease-duration', '1s'],
      error: 'error: --lease-duration 1s cannot be used. A Lease counts whole seconds: write 3s to 1h\n',
    },
    {
      what: 'an output that is no stream of events',
      args: ['-o', 'name'],
      error:
        'error: events cannot be printed with -o name. Use -o json, one event a line, yaml, jsonpath=… or go-template=…\n',
    },
  ])('$what', async ({ args, error }, test) => {
    const world = await openWorld(test)
    expect(await world.run(['watch', ...args])).toEqual({ code: 1, stdout: '', stderr: error })
  })
})
