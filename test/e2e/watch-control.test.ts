import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, type TestContext, vi } from 'vitest'
import { parse, stringify } from 'yaml'
import { objectAt, textAt } from '../../src/lib/sandbox/json.ts'
import { sourceOf } from './world/cluster-facts.ts'
import { type Live, openLive } from './world/live.ts'
import type { Running } from './world/plugin.ts'
import { needs } from './world/requirement.ts'
import { startWorld, type World, type WorldOptions } from './world/world.ts'

vi.setConfig({ testTimeout: 90_000 })
beforeEach((test) => needs('tmux', test))

const SIZE = { columns: 120, lines: 45 }
const HISTORY = 'kubectl-image-updater/history'

interface Scene {
  readonly world: World
  readonly image: string
  readonly digests: ReadonlyMap<string, string>
}

/** Tags of `web`, and Applications that run 1.0.0 of it, each with rules of its own. */
async function openScene(
  test: TestContext,
  applications: Readonly<Record<string, Record<string, string>>> = { shop: {} },
  { tags = ['1.0.0', '1.1.0'], ...options }: WorldOptions & { readonly tags?: readonly string[] } = {},
): Promise<Scene> {
  const world = await startWorld(options)
  test.onTestFinished(() => world.close())
  const image = world.repository('web')
  const digests = new Map<string, string>()
  for (const tag of tags) digests.set(tag, await world.push('web', tag))
  for (const [name, rules] of Object.entries(applications)) {
    await world.deploy({
      images: { web: `${image}:1.0.0` },
      name,
      rules: { 'image-list': `web=${image}`, ...rules },
    })
  }
  await world.settle()
  return { digests, image, world }
}

async function annotationsOf(world: World, name: string): Promise<Record<string, unknown>> {
  return objectAt(await world.read('Application', world.namespace, name), 'metadata', 'annotations')
}

async function approve(live: Live, name: string): Promise<void> {
  await live.press('a')
  await live.shows(`Apply to ${name} in context`)
  await live.press('y')
}

/** The events that a watch with `-o json` has told so far. */
function eventsOf({ stdout }: Pick<Running, 'stdout'>): Record<string, unknown>[] {
  const lines = stdout.slice(0, stdout.lastIndexOf('\n') + 1).split('\n')
  return lines.filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>)
}

function told(running: Pick<Running, 'stdout'>, type: string): string[] {
  return eventsOf(running).flatMap((event) =>
    event['type'] === type ? [textAt(event['image'] as never, 'application')] : [],
  )
}

describe.concurrent('an approval', () => {
  it('is for an exact reference, digest and context, and is followed until it is Healthy', async (test) => {
    const { digests, image, world } = await openScene(test)
    const live = await openLive(test, world, [], SIZE)
    await live.press('a')
    await live.shows(`Apply to shop in context end-to-end, namespace ${world.namespace}?`)
    const screen = (await live.visible()).join(' ').replace(/\s+/g, ' ')
    expect(screen).toContain(`${image}:1.1.0 is ${digests.get('1.1.0')}`)
    await live.press('y')
    await live.row('shop', /✔ applied, Healthy/)
    await live.shows(/shop\/web 1\.0\.0 → 1\.1\.0 applied: set kustomize image/)
    await live.shows(/\d\d:\d\d:\d\d {2}shop: Healthy/)
    expect(await sourceOf(world, 'shop')).toMatchObject({ kustomize: { images: [`${image}:1.1.0`] } })
    // What somebody does later is a new story.
    await world.push('web', '1.2.0')
    await live.press('r')
    await live.row('shop', /1\.1\.0 +1\.2\.0 +◆ approve\?/)
  })

  it('is followed as well when it makes the Application Degraded', async (test) => {
    const rules = { 'web.update-strategy': 'alphabetical' }
    const { world } = await openScene(test, { shop: rules }, { tags: ['1.0.0', '1.1.0-broken'] })
    await world.edit('Deployment', world.workloads, 'shop', { spec: { progressDeadlineSeconds: 1 } })
    await world.settle()
    const live = await openLive(test, world, [], SIZE)
    await approve(live, 'shop')
    await live.row('shop', /✖ applied, Degraded: deployment\/shop: Deployment "shop" exceeded/)
  })

  it('does not overwrite what somebody else wrote meanwhile, and shows it', async (test) => {
    const { image, world } = await openScene(test, { shop: {} }, { tags: ['1.0.0', '1.0.5', '1.1.0'] })
    const live = await openLive(test, world, [], SIZE)
    await live.press('a')
    await live.shows('Apply to shop in context')
    const theirs = { kustomize: { images: [`${image}:1.0.5`] } }
    await world.edit('Application', world.namespace, 'shop', { spec: { source: theirs } })
    await live.press('y')
    await live.shows(/shop\/web not applied: application "shop" changed while you decided/)
    await live.row('shop', /1\.0\.5 +1\.1\.0/)
    expect(await sourceOf(world, 'shop')).toMatchObject(theirs)
    await world.settle()
    await live.press('r')
    await live.row('shop', /1\.0\.5 +1\.1\.0 +◆ approve\?/)
    await approve(live, 'shop')
    await live.row('shop', /✔ applied, Healthy/)
  })

  it('of one image of an Application is followed by the next, as the Application is then', async (test) => {
    const { image, world } = await openScene(test, {})
    for (const tag of ['1.0.0', '1.1.0']) await world.push('api', tag)
    const api = world.repository('api')
    await world.deploy({
      images: { api: `${api}:1.0.0`, web: `${image}:1.0.0` },
      name: 'shop',
      rules: { 'image-list': `web=${image},api=${api}` },
    })
    await world.settle()
    const live = await openLive(test, world, [], SIZE)
    await approve(live, 'shop')
    await live.sees((lines) => {
      expect(lines[2]).toMatch(/^▸shop +web +1\.1\.0 +1\.1\.0 +✔ applied, Healthy/)
      expect(lines[3]).toMatch(/^ shop +api +1\.0\.0 +1\.1\.0 +◆ approve\?/)
    })
    await live.press('j')
    await approve(live, 'shop')
    await live.sees((lines) => expect(lines[3]).toMatch(/^▸shop +api +1\.1\.0 +1\.1\.0 +✔ applied, Healthy/))
    expect(await live.screen()).not.toContain('not applied')
    const images = [`${image}:1.1.0`, `${api}:1.1.0`]
    expect(await sourceOf(world, 'shop')).toMatchObject({ kustomize: { images } })
  })

  it('by two operators at once is applied once', async (test) => {
    const { world } = await openScene(test)
    const both = [await openLive(test, world, [], SIZE), await openLive(test, world, [], SIZE)]
    for (const live of both) {
      await live.press('a')
      await live.shows('Apply to shop in context')
    }
    await Promise.all(both.map((live) => live.press('y')))
    for (const live of both) await live.row('shop', /1\.1\.0 +1\.1\.0/)
    await Promise.all(
      both.map(async (live) => {
        await live.press('q')
        expect(await live.exitCode()).toBe(0)
      }),
    )
    const ends = await Promise.all(both.map(async (live) => /(\d) applied/.exec(await live.screen())?.[1]))
    expect(ends.toSorted()).toEqual(['0', '1'])
    const history = textAt((await annotationsOf(world, 'shop')) as never, HISTORY)
    expect(JSON.parse(history)).toHaveLength(1)
  })

  it('that is not given is waited for since the same moment by the next watch', async (test) => {
    const { world } = await openScene(test)
    const state = join(world.home, 'state')
    const here = { ...world, env: { ...world.env, XDG_STATE_HOME: state } }
    const first = await openLive(test, here, [], SIZE)
    await first.row('shop', /approve\?/)
    const file = join(state, 'kubectl-image-updater', 'first-sights.json')
    const pending = await vi.waitFor(async () => {
      const { sights } = JSON.parse(await readFile(file, 'utf8')) as { sights: Record<string, number[]> }
      const found = Object.entries(sights).find(([key]) => key.startsWith('pending '))
      if (!found) throw new Error('nothing pending is kept')
      return found
    })
    process.kill(await first.processId(), 'SIGKILL')
    const [key, times] = pending
    const sights = { [key]: times.map((time) => time - 2.5 * 3_600_000) }
    await writeFile(file, JSON.stringify({ sights }))
    const second = await openLive(test, here, [], SIZE)
    await second.row('shop', /◆ approve\? 150m/)
    await second.shows(/needs approval: --approve ask, since 150m/)
  })
})

describe.concurrent('a decision sticks', () => {
  it('a hold, over a restart and for a colleague', async (test) => {
    const { world } = await openScene(test)
    const mine = await openLive(test, world, [], SIZE)
    const theirs = await openLive(test, world, [], SIZE)
    await mine.press('h')
    await mine.shows(/Hold shop\/web in context end-to-end, namespace .*Why/)
    await mine.type('release freeze')
    await mine.press('Enter')
    await mine.row('shop', /■ held by .*: release freeze/)
    await theirs.press('r')
    await theirs.row('shop', /■ held by .*: release freeze/)
    await theirs.press('a')
    await theirs.shows(/nothing to approve: held by .*: release freeze/)
    await mine.press('q')
    await mine.exitCode()
    const again = await openLive(test, world, ['--approve', 'auto'], SIZE)
    await again.row('shop', /■ held by .*: release freeze/)
    expect(await sourceOf(world, 'shop')).not.toHaveProperty('kustomize')
    await theirs.press('h')
    await theirs.shows('Resume shop/web in context')
    await theirs.press('y')
    await theirs.row('shop', /◆ approve\?/)
    await again.press('r')
    await again.row('shop', /applied/)
    await again.press('h')
    await again.shows(/Hold shop\/web/)
    await again.press('Enter')
    await again.row('shop', /■ applied, .*held/)
  })

  it('a skip, and the next best tag is offered to everybody', async (test) => {
    const { world } = await openScene(test, { shop: {} }, { tags: ['1.0.0', '1.1.0', '1.2.0'] })
    const live = await openLive(test, world, [], SIZE)
    await live.press('s')
    await live.shows('Skip 1.2.0 for shop/web in context')
    await live.press('y')
    await live.row('shop', /1\.0\.0 +1\.1\.0 +◆ approve\?/)
    const { stdout } = await world.run(['check', '-o', 'json'])
    expect(JSON.parse(stdout).items).toMatchObject([{ available: { tag: '1.1.0' }, decision: 'update' }])
  })
})

describe.concurrent('what goes unasked', () => {
  it('is as far as --approve and max-bump allow; the rest is said to wait', async (test) => {
    const { image, world } = await openScene(test, {}, { tags: ['1.0.0', '1.0.1', '1.1.0', '2.0.0'] })
    for (const [name, range, rules] of [
      ['major', '', {}],
      ['minor', ':1.x', {}],
      ['patch', ':1.0.x', {}],
      ['strict', ':1.x', { 'web.max-bump': 'patch' }],
    ] as const) {
      const list = { 'image-list': `web=${image}${range}` }
      await world.deploy({ images: { web: `${image}:1.0.0` }, name, rules: { ...list, ...rules } })
    }
    await world.settle()
    const patch = await world.run(['watch', '--once', '--approve', 'patch', '-o', 'json'])
    expect(told(patch, 'applied')).toEqual(['patch'])
    expect(told(patch, 'pending')).toEqual(['major', 'minor', 'strict'])
    await world.settle()
    const minor = await world.run(['watch', '--once', '--approve', 'minor', '-o', 'json'])
    expect(told(minor, 'applied')).toEqual(['minor'])
    expect(eventsOf(minor)).toContainEqual(
      expect.objectContaining({ reason: '1.0.0 → 1.1.0 is minor (max-bump patch)', type: 'pending' }),
    )
  })

  it('waits at its gates, shows the time that is left, and goes when they open', async (test) => {
    // Far from now, whenever that is.
    const hour = (new Date().getUTCHours() + 6) % 24
    const { world } = await openScene(test, {
      aged: { 'web.min-age': '8s' },
      windowed: { 'web.update-window': `0 ${hour} * * * 30m` },
    })
    const live = await openLive(test, world, ['--approve', 'auto', '--interval', '10s'], SIZE)
    await live.row('windowed', /◷ waits: update-window 5h/)
    await live.row('aged', /◷ waits: min-age/)
    await live.row('aged', /✔ applied, Healthy/)
    await live.row('windowed', /◷ waits: update-window 5h/)
    expect(await sourceOf(world, 'windowed')).not.toHaveProperty('kustomize')
  })
})

describe.concurrent('two watches', () => {
  it('take turns with --lease: one writes, the other looks on and takes over', async (test) => {
    const { world } = await openScene(test)
    const leader = world.start(['watch', '--lease', '-o', 'json', '--approve', 'ask'])
    await leader.until(() => expect(told(leader, 'pending')).toEqual(['shop']))
    const live = await openLive(test, world, ['--lease'], SIZE)
    await live.sees((lines) => expect(lines[0]).toMatch(/ has the lease {3}● running$/))
    await live.press('a')
    await live.shows(/nothing is written: \S+ .*has the lease/)
    await live.press('h')
    await live.shows(/nothing is written: \S+ .*has the lease/)
    expect(await live.screen()).not.toContain('watch --lease takes turns with it')
    leader.signal('SIGTERM')
    expect(await leader.finished).toMatchObject({ code: 0 })
    await live.shows('lease: this watch has the turn')
    await live.sees((lines) => expect(lines[0]).not.toContain('lease'))
    await approve(live, 'shop')
    await live.row('shop', /applied/)
  })

  it('know of each other without --lease, if only one has it', async (test) => {
    const { world } = await openScene(test)
    const other = world.start(['watch', '--lease', '-o', 'json', '--approve', 'ask'])
    await other.until(() => expect(told(other, 'pending')).toEqual(['shop']))
    const { stderr } = await world.run(['watch', '--once', '--read-only'])
    expect(stderr).toMatch(/^Warning: .* runs a watch here since .*: watch --lease takes turns with it$/m)
  })
})

/** One kubeconfig with the contexts `a` and `b`. */
async function joinKubeconfigs(a: World, b: World): Promise<string> {
  const parts = await Promise.all(
    [a, b].map(async ({ kubeconfig }, index) => {
      const name = 'ab'[index] as string
      const { clusters, contexts, users } = parse(await readFile(kubeconfig, 'utf8'))
      const context = { ...contexts[0].context, cluster: name, user: name }
      return {
        cluster: { ...clusters[0], name },
        context: { context, name },
        user: { ...users[0], name },
      }
    }),
  )
  const file = join(a.home, 'joined')
  const joined = {
    apiVersion: 'v1',
    clusters: parts.map(({ cluster }) => cluster),
    contexts: parts.map(({ context }) => context),
    'current-context': 'a',
    kind: 'Config',
    users: parts.map(({ user }) => user),
  }
  await writeFile(file, stringify(joined), { mode: 0o600 })
  return file
}

describe.concurrent('several clusters', () => {
  const CONTEXTS = ['--context', 'a', '--context', 'b']

  async function openBoth(test: TestContext) {
    const [a, b] = [await openScene(test), await openScene(test, { zoo: {} }, { detours: true })]
    const env = { KUBECONFIG: await joinKubeconfigs(a.world, b.world) }
    return { a, b, env }
  }

  it('are one table; when one is down the other goes on', async (test) => {
    const { a, b, env } = await openBoth(test)
    const world = { ...a.world, env: { ...a.world.env, ...env } }
    const live = await openLive(test, world, CONTEXTS, SIZE)
    await live.sees((lines) => {
      expect(lines[1]).toMatch(/^ CONTEXT +APPLICATION +IMAGE/)
      const rows = lines.slice(2, 4).join('\n')
      expect(rows).toMatch(/^[▸ ]a +shop +web +1\.0\.0 +1\.1\.0 +◆ approve\?/m)
      expect(rows).toMatch(/^[▸ ]b +zoo +web +1\.0\.0 +1\.1\.0 +◆ approve\?/m)
    })
    await b.world.api?.down()
    await a.world.push('web', '1.2.0')
    await live.press('r')
    await live.row('b', /✖ ERROR cannot reach the API server/)
    await live.row('a', /1\.0\.0 +1\.2\.0 +◆ approve\?/)
    await b.world.api?.up()
    await live.press('r')
    await live.row('b', /1\.0\.0 +1\.1\.0 +◆ approve\?/)
    await live.press('/')
    await live.type('zoo')
    await live.press('Enter')
    await approve(live, 'zoo')
    await live.shows('b zoo/web 1.0.0 → 1.1.0 applied')
    await live.press('q')
    await live.exitCode()
    expect(await live.screen()).toMatch(/^CONTEXT +NAMESPACE +APPLICATION[\s\S]*^b +\S+ +zoo/m)
    expect(await sourceOf(b.world, 'zoo')).toMatchObject({ kustomize: { images: [`${b.image}:1.1.0`] } })
    expect(await sourceOf(a.world, 'shop')).not.toHaveProperty('kustomize')
  })

  it('that cannot be read say so where the rows would be', async (test) => {
    const { world } = await openScene(test, { shop: {} }, { detours: true })
    if (!world.api) throw new Error('a world without a detour')
    const refusal = { apiVersion: 'v1', code: 403, kind: 'Status', message: 'no access', status: 'Failure' }
    world.api.intercept = (line) =>
      line.includes('/applications') ? { body: JSON.stringify(refusal), status: 403 } : undefined
    const live = await openLive(test, world, [], SIZE)
    await live.sees((lines) => expect(lines[2]).toMatch(/no access/))
    world.api.intercept = () => undefined
    await live.press('r')
    await live.row('shop', /◆ approve\?/)
  })

  it('one that cannot be read from the start is told, and the other is watched', async (test) => {
    const { a, b, env } = await openBoth(test)
    if (!b.world.api) throw new Error('a world without a detour')
    const refusal = { apiVersion: 'v1', code: 403, kind: 'Status', message: 'forbidden', status: 'Failure' }
    b.world.api.intercept = (line) =>
      line.includes('/applications') ? { body: JSON.stringify(refusal), status: 403 } : undefined
    const watch = ['watch', '--once', '--approve', 'auto', '-o', 'json', ...CONTEXTS]
    const { code, stderr, stdout } = await a.world.run(watch, { env })
    expect(told({ stdout }, 'applied')).toEqual(['shop'])
    expect(stderr).toMatch(/^Warning: b: .*forbidden/m)
    expect(code).toBe(1)
  })
})

describe.concurrent('programs of the operator', () => {
  async function script(world: World, name: string, ...lines: string[]): Promise<string> {
    const file = join(world.home, name)
    await writeFile(file, ['#!/bin/sh', ...lines, ''].join('\n'))
    await chmod(file, 0o755)
    return file
  }
  const linesOf = async (file: string) =>
    (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean)

  it('are told by --notify what is available and applied', async (test) => {
    const { world } = await openScene(test)
    const diary = join(world.home, 'diary')
    const program = await script(
      world,
      'tell',
      `echo "$IMAGE_UPDATER_EVENT $IMAGE_UPDATER_APPLICATION $IMAGE_UPDATER_FROM $IMAGE_UPDATER_TO" >> ${diary}`,
    )
    const live = await openLive(test, world, ['--notify', `command:${program},on=all`], SIZE)
    await vi.waitFor(async () => expect(await linesOf(diary)).toEqual(['available shop 1.0.0 1.1.0']), 30_000)
    await approve(live, 'shop')
    await live.row('shop', /applied/)
    await live.press('q')
    expect(await live.exitCode()).toBe(0)
    expect(await linesOf(diary)).toEqual(['available shop 1.0.0 1.1.0', 'applied shop 1.0.0 1.1.0'])
  })

  it('a credential plugin gets no standard input while the table reads the keys', async (test) => {
    const { world } = await openScene(test, { shop: {} }, { detours: true })
    const diary = join(world.home, 'diary')
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { expirationTimestamp: '2020-01-01T00:00:00Z', token: 'any' },
    }
    const command = await script(
      world,
      'login',
      `[ -t 0 ] && echo terminal >> ${diary} || echo nothing >> ${diary}`,
      `echo '${JSON.stringify(credential)}'`,
    )
    const config = parse(await readFile(world.kubeconfig, 'utf8'))
    const exec = { apiVersion: credential.apiVersion, command, interactiveMode: 'IfAvailable' }
    await writeFile(world.kubeconfig, stringify({ ...config, users: [{ name: 'operator', user: { exec } }] }))
    const live = await openLive(test, world, [], SIZE)
    await live.row('shop', /approve\?/)
    expect((await linesOf(diary))[0]).toBe('terminal')
    expect((await linesOf(diary)).at(-1)).toBe('nothing')
    const before = (await linesOf(diary)).length
    await live.press('r', 'j', 'k')
    await vi.waitFor(async () => expect((await linesOf(diary)).length).toBeGreaterThan(before), 30_000)
    expect((await linesOf(diary)).at(-1)).toBe('nothing')
    await live.press('q')
    expect(await live.exitCode()).toBe(0)
  })
})
