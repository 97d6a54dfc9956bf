import { describe, expect, it, type TestContext } from 'vitest'
import { textAt, valueAt } from '../../src/lib/sandbox/json.ts'
import { resourceVersion, sourceOf } from './world/cluster-facts.ts'
import { ANNOTATION_PREFIX } from './world/manifests.ts'
import { needs } from './world/requirement.ts'
import { openTerminal } from './world/terminal.ts'
import { startWorld, type World, type WorldOptions } from './world/world.ts'

const RECORD = 'kubectl-image-updater/history'

/** shop runs web 1.1.0 by its spec, and 1.2.0 is there to update to. */
async function openScene(test: TestContext, options: WorldOptions = {}) {
  const world = await startWorld(options)
  test.onTestFinished(() => world.close())
  for (const tag of ['1.0.0', '1.1.0', '1.2.0']) await world.push('web', tag)
  const image = world.repository('web')
  await world.deploy({
    images: { app: `${image}:1.0.0` },
    labels: { team: 'web' },
    name: 'shop',
    rules: { 'image-list': `web=${image}` },
    source: { kustomize: { images: [`${image}:1.1.0`] } },
  })
  await world.settle()
  return { image, world }
}

const cycle = (world: World) => world.run(['watch', '--once', '--approve', 'auto'])

async function tagOf(world: World): Promise<string> {
  const source = JSON.stringify(await sourceOf(world, 'shop'))
  return /:(\d+\.\d+\.\d+(?:@sha256:[0-9a-f]+)?)"/.exec(source)?.[1] ?? source
}

async function annotationOf(world: World, key: string): Promise<string> {
  const shop = await world.read('Application', world.namespace, 'shop')
  return textAt(shop, 'metadata', 'annotations', key)
}

async function recordOf(world: World): Promise<Record<string, unknown>[]> {
  return JSON.parse((await annotationOf(world, RECORD)) || '[]') as Record<string, unknown>[]
}

async function eventsOf(world: World): Promise<string[]> {
  const events = await world.list('Event', world.namespace)
  return events.map((event) => `${textAt(event, 'reason')} ${textAt(event, 'message')}`)
}

describe.concurrent('hold, resume', () => {
  it('a held image stays, whoever watches, until it is resumed', async (test) => {
    const { world } = await openScene(test)
    const held = await world.run(['hold', 'shop', 'web', '--for', '2h', '--reason', 'a leak'])
    expect(held.stdout).toMatch(
      /^application\.argoproj\.io\/shop image web held until \S+Z \(in context end-to-end, namespace \S+\)\n$/,
    )
    await cycle(world)
    await cycle(world)
    expect(await tagOf(world)).toBe('1.1.0')
    expect((await world.run(['check'])).stdout).toMatch(/held until .* by \S+@\S+ .*: a leak/)
    expect((await world.run(['list'])).stdout).toMatch(/HELD[\s\S]*until \d{4}/)

    expect(await world.run(['resume', 'shop', 'web'])).toMatchObject({ code: 0 })
    await cycle(world)
    expect(await tagOf(world)).toBe('1.2.0')
    expect(await recordOf(world)).toMatchObject([{ from: '1.1.0', how: 'watch', image: 'web', to: '1.2.0' }])
  })

  it('holds everything that a selector finds, and resumes one image of it', async (test) => {
    const { world } = await openScene(test)
    expect((await world.run(['hold', '-l', 'team=web'])).stdout).toContain('argoproj.io/shop held (')
    await cycle(world)
    expect(await tagOf(world)).toBe('1.1.0')
    await world.run(['resume', 'shop', 'web'])
    expect(await annotationOf(world, `${ANNOTATION_PREFIX}/web.hold`)).toBe('false')
    await cycle(world)
    expect(await tagOf(world)).toBe('1.2.0')
    expect((await world.run(['resume', 'shop'])).stdout).toContain('shop resumed')
    expect(await annotationOf(world, `${ANNOTATION_PREFIX}/web.hold`)).toBe('')
    expect(await annotationOf(world, `${ANNOTATION_PREFIX}/hold`)).toBe('')
  })

  it('a dry run shows the annotations and writes none', async (test) => {
    const { world } = await openScene(test)
    const before = await resourceVersion(world, 'Application', 'shop')
    const { stdout } = await world.run(['hold', 'shop', 'web', '--dry-run=server'])
    expect(stdout).toContain('[argocd-image-updater.argoproj.io/web.hold]')
    expect(stdout).toContain('(server dry run)')
    expect(await resourceVersion(world, 'Application', 'shop')).toBe(before)
  })

  it('a command line that cannot be meant is told what would be right', async (test) => {
    const { world } = await openScene(test)
    for (const [args, message] of [
      [['hold', 'shop', 'wbe'], /has no image "wbe".*Did you mean web\?/],
      [['hold', 'shop', '--for', '1h', '--until', '2040-01-01T00:00:00Z'], /--for and --until/],
      [['hold', 'shop', '--until', 'tomorrow'], /--until: "tomorrow" is no moment/],
      [['hold'], /no Application is named/],
      [['hold', 'nothing'], /application "nothing" not found/],
      [['skip', 'shop', 'web', '--undo'], /--undo has to know the tag/],
      [['set', 'shop'], /Write: set APPLICATION ALIAS=TAG/],
      [['rollback', 'shop', 'web', '--to', '99'], /the history has no 99/],
    ] satisfies [string[], RegExp][]) {
      const { code, stderr } = await world.run(args)
      expect(stderr).toMatch(message)
      expect(code).toBe(1)
    }
  })
})

describe.concurrent('skip', () => {
  it('the next best wins, and a later tag is offered', async (test) => {
    const { world } = await openScene(test)
    await world.push('web', '1.1.5')
    expect((await world.run(['skip', 'shop', 'web'])).stdout).toMatch(/image web skips 1\.2\.0 \(/)
    await cycle(world)
    expect(await tagOf(world)).toBe('1.1.5')
    await world.push('web', '1.3.0')
    expect((await world.run(['check', '-o', 'jsonpath={.items[0].available.tag}'])).stdout).toContain('1.3.0')
    await world.run(['skip', 'shop', 'web', '1.3.0'])
    expect((await world.run(['list', '-o', 'wide'])).stdout).toContain('1.2.0,1.3.0')
    await world.run(['skip', 'shop', 'web', '1.2.0', '--undo'])
    await cycle(world)
    expect(await tagOf(world)).toBe('1.2.0')
  })

  it('of a tag that moved, only this digest', async (test) => {
    const world = await startWorld()
    test.onTestFinished(() => world.close())
    await world.push('web', 'production')
    const image = world.repository('web')
    await world.deploy({
      images: { app: `${image}:production` },
      name: 'shop',
      rules: { 'image-list': `web=${image}:production`, 'web.update-strategy': 'digest' },
      source: { kustomize: { images: [`${image}:production`] } },
    })
    await world.settle()
    await cycle(world)
    await world.settle()
    const bad = await world.push('web', 'production')
    expect((await world.run(['skip', 'shop', 'web'])).stdout).toContain(`skips production@${bad}`)
    await cycle(world)
    expect(JSON.stringify(await sourceOf(world, 'shop'))).not.toContain(bad)
    const good = await world.push('web', 'production')
    await cycle(world)
    expect(JSON.stringify(await sourceOf(world, 'shop'))).toContain(good)
  })
})

describe.concurrent('set', () => {
  it('puts a tag that exists, holds it and records who did it, in one write', async (test) => {
    const { world } = await openScene(test)
    const { code, stdout } = await world.run(['set', 'shop', 'web=1.0.0', '--yes', '--reason', 'bug in 1.1'])
    expect(code).toBe(0)
    expect(stdout).toContain('noted in its history: web 1.1.0 → 1.0.0 by')
    expect(stdout).toContain('image web set 1.1.0 → 1.0.0, held')
    await cycle(world)
    expect(await tagOf(world)).toBe('1.0.0')
    expect(await recordOf(world)).toMatchObject([
      { from: '1.1.0', how: 'set', image: 'web', number: 1, reason: 'bug in 1.1', to: '1.0.0' },
    ])
    expect(await eventsOf(world)).toEqual([
      expect.stringMatching(/^ImagesUpdated Updated \S+ 1\.1\.0 → 1\.0\.0; by \S+ \(set, bug in 1\.1\)$/),
    ])
  })

  it('refuses a tag that does not exist, and a digest that the tag does not name', async (test) => {
    const { world } = await openScene(test)
    const digest = `sha256:${'1'.repeat(64)}`
    expect((await world.run(['set', 'shop', 'web=1.0.9', '--yes'])).stderr).toMatch(/has no tag 1\.0\.9/)
    expect((await world.run(['set', 'shop', `web=1.0.0@${digest}`, '--yes'])).stderr).toMatch(
      /not sha256:1111/,
    )
    expect(await tagOf(world)).toBe('1.1.0')
  })

  it('asks, names the context and a lower version, and takes no for an answer', async (test) => {
    needs('tmux', test)
    const { world } = await openScene(test)
    const terminal = await openTerminal(world, ['set', 'shop', 'web=1.0.0'])
    test.onTestFinished(() => terminal.close())
    await terminal.shows(/1\.0\.0 is lower than 1\.1\.0\. Apply to shop in context end-to-end/)
    await terminal.press('Enter')
    await terminal.shows('Nothing was written.')
    expect(await tagOf(world)).toBe('1.1.0')
  })

  it("a colleague's hold between diff and yes is shown, and nothing is overwritten", async (test) => {
    const { world } = await openScene(test, { detours: true })
    let done = false
    if (world.api) {
      world.api.intercept = async (line) => {
        if (done || !line.startsWith('PATCH')) return undefined
        done = true
        await world.edit('Application', world.namespace, 'shop', {
          metadata: { annotations: { [`${ANNOTATION_PREFIX}/web.hold`]: 'true' } },
        })
        return undefined
      }
    }
    const { code, stderr } = await world.run(['set', 'shop', 'web=1.0.0', '--yes'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/changed while you decided .*web\.hold\] absent → true.*nothing was written/)
    expect(await tagOf(world)).toBe('1.1.0')
    expect(await eventsOf(world)).toEqual([expect.stringMatching(/^ImagesUpdateFailed /)])
  })

  it('refuses plain manifests, whose tag is in git', async (test) => {
    const world = await startWorld()
    test.onTestFinished(() => world.close())
    await world.push('web', '1.0.0')
    const image = world.repository('web')
    await world.deploy({
      images: { app: `${image}:1.0.0` },
      name: 'shop',
      rules: { 'image-list': `web=${image}` },
      sourceType: 'Directory',
    })
    await world.settle()
    for (const args of [
      ['set', 'shop', 'web=1.0.0'],
      ['rollback', 'shop'],
    ]) {
      const { code, stderr } = await world.run([...args, '--yes'])
      expect(stderr).toMatch(/plain manifests.*(in git|git revert)/)
      expect(code).toBe(1)
    }
  })
})

describe.concurrent('history, rollback', () => {
  it('a rollback sticks over cycles, and both histories are told as one', async (test) => {
    const { world } = await openScene(test)
    await world.run(['update', '--yes'])
    await world.settle()
    const { stdout } = await world.run(['rollback', 'shop', '--yes', '--reason', 'errors'])
    expect(stdout).toContain('image web rolled back 1.2.0 → 1.1.0, held')
    for (let count = 0; count < 3; count += 1) await cycle(world)
    expect(await tagOf(world)).toBe('1.1.0')
    await world.settle()

    const history = JSON.parse((await world.run(['history', 'shop', '-o', 'json'])).stdout) as {
      items: Record<string, unknown>[]
    }
    expect(history.items.map(({ from, to, how }) => ({ from, how, to }))).toEqual([
      { from: '1.2.0', how: 'rollback', to: '1.1.0' },
      { from: '1.1.0', how: 'update', to: '1.2.0' },
      { from: '', how: 'sync', to: '1.1.0' },
    ])
    expect(history.items.every(({ commit, deployment }) => commit !== '' && deployment !== null)).toBe(true)
    expect(history.items[0]).toMatchObject({ reason: 'errors' })

    await world.run(['resume', 'shop'])
    await cycle(world)
    expect(await tagOf(world)).toBe('1.2.0')
  })

  it('goes to the change that is named, and not to an image that is gone', async (test) => {
    const { world } = await openScene(test)
    await world.run(['set', 'shop', 'web=1.2.0', '--yes'])
    await world.settle()
    expect((await world.run(['rollback', 'shop', 'web', '--to', '0', '--yes'])).code).toBe(0)
    expect(await tagOf(world)).toBe('1.1.0')
    await world.settle()
    expect((await world.run(['rollback', 'shop', 'web', '--to', 'r1', '--no-hold', '--yes'])).code).toBe(0)
    expect(await tagOf(world)).toBe('1.2.0')
  })

  it('two operators apply the same update: it is done once and recorded once', async (test) => {
    const { world } = await openScene(test)
    const both = await Promise.all([world.run(['update', '--yes']), world.run(['update', '--yes'])])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(await tagOf(world)).toBe('1.2.0')
    expect(await recordOf(world)).toHaveLength(1)
  })

  it("a colleague's record between diff and yes is kept, and stops nothing", async (test) => {
    const { world } = await openScene(test, { detours: true })
    const theirs = {
      at: '2026-01-01T00:00:00Z',
      by: 'ann',
      digest: '',
      from: '2',
      how: 'set',
      image: 'api',
      number: 7,
      reason: '',
      to: '3',
    }
    let done = false
    if (world.api) {
      world.api.intercept = async (line) => {
        if (done || !line.startsWith('PATCH')) return undefined
        done = true
        await world.edit('Application', world.namespace, 'shop', {
          metadata: { annotations: { [RECORD]: JSON.stringify([theirs]) } },
        })
        return undefined
      }
    }
    expect(await world.run(['set', 'shop', 'web=1.0.0', '--yes'])).toMatchObject({ code: 0 })
    expect(await recordOf(world)).toMatchObject([
      { image: 'api', number: 7 },
      { image: 'web', number: 8 },
    ])
    expect(await tagOf(world)).toBe('1.0.0')
  })

  it('a restart is recorded as well', async (test) => {
    const world = await startWorld()
    test.onTestFinished(() => world.close())
    await world.push('web', 'production')
    const image = world.repository('web')
    await world.deploy({
      images: { app: `${image}:production` },
      name: 'shop',
      rules: { 'image-list': `web=${image}:production`, 'web.update-strategy': 'digest' },
      sourceType: 'Directory',
    })
    await world.settle()
    const digest = await world.push('web', 'production')
    expect(await cycle(world)).toMatchObject({ code: 0 })
    expect(await recordOf(world)).toMatchObject([{ digest, how: 'watch', to: `production@${digest}` }])
    const shop = await world.read('Application', world.namespace, 'shop')
    expect(valueAt(shop, 'spec', 'source', 'kustomize')).toBeUndefined()
  })
})
