import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { objectAt } from '../../src/lib/sandbox/json.ts'
import { sourceOf } from './world/cluster-facts.ts'
import { prefixed } from './world/manifests.ts'
import { startWorld, type World } from './world/world.ts'

let world: World
let image: string

beforeAll(async () => {
  world = await startWorld()
  image = world.repository('web')
  for (const tag of ['1.0.0', '1.1.0', '2.0.0-broken', '3.0.0']) await world.push('web', tag)
})
afterAll(() => world?.close())

/** An Application of its own that runs 1.0.0 and follows a range. */
async function deploy(name: string, range: string, rules: Record<string, string> = {}): Promise<void> {
  await world.deploy({
    images: { web: `${image}:1.0.0` },
    name,
    rules: { 'image-list': `web=${image}:${range}`, ...rules },
    source: { kustomize: { images: [`${image}:1.0.0`] } },
  })
  await world.settle()
}

const annotationsOf = async (name: string) =>
  objectAt(objectAt(await world.read('Application', world.namespace, name), 'metadata'), 'annotations')

describe('update --wait', () => {
  it('follows what was written until it is Healthy', async () => {
    await deploy('calm', '1.x')
    const { code, stderr, stdout } = await world.run(['update', 'calm', '--yes', '--wait'])
    expect(stdout).toContain('calm updated: image web 1.0.0 → 1.1.0')
    expect(stderr).toMatch(/^calm: Healthy$/m)
    expect(code).toBe(0)
  })

  it('says so at once where Argo CD does not sync by itself, and --sync has it do so', async () => {
    await deploy('manual', '1.x')
    const unautomated = { spec: { syncPolicy: { automated: null } } }
    await world.edit('Application', world.namespace, 'manual', unautomated)
    const waited = await world.run(['update', 'manual', '--yes', '--wait'])
    expect(waited.stderr).toContain('manual: not synced: Argo CD will not sync this by itself')
    expect(waited.code).toBe(1)
    await world.edit('Application', world.namespace, 'manual', {
      spec: { source: { kustomize: { images: [`${image}:1.0.0`] } } },
    })
    const synced = await world.run(['update', 'manual', '--yes', '--wait=60s', '--sync', '-o', 'json'])
    expect(synced.code).toBe(0)
    expect(JSON.parse(synced.stdout).items).toMatchObject([
      { application: 'manual', followed: { state: 'healthy' }, outcome: 'applied', rolledBack: false },
    ])
  })

  it('writes an Event and a record about who did it', async () => {
    await deploy('told', '1.x')
    await world.run(['update', 'told', '--yes'])
    const record = JSON.parse(String((await annotationsOf('told'))['kubectl-image-updater/history']))
    expect(record).toMatchObject([{ from: '1.0.0', how: 'update', image: 'web', to: '1.1.0' }])
  })
})

describe('update --rollback-on-degraded', () => {
  it('puts back what ran before, holds it there, and ends with 1', async () => {
    await deploy('fragile', '<3 >=1.0.0-0')
    await world.edit('Deployment', world.workloads, 'fragile', { spec: { progressDeadlineSeconds: 1 } })
    await world.settle()
    const { code, stderr } = await world.run(['update', 'fragile', '--yes', '--rollback-on-degraded'])
    expect(stderr).toContain('fragile: Degraded: deployment/fragile')
    expect(stderr).toContain('fragile web rolled back to 1.0.0 and held')
    expect(code).toBe(1)
    await world.settle()
    expect(await sourceOf(world, 'fragile')).toMatchObject({ kustomize: { images: [`${image}:1.0.0`] } })
    expect(await annotationsOf('fragile')).toMatchObject({
      ...prefixed({ 'web.hold': 'true' }),
      [`${Object.keys(prefixed({ 'web.hold-reason': '' }))[0]}`]: expect.stringContaining(
        'Degraded after 2.0.0-broken',
      ),
    })
    // It sticks: the next run offers it and writes nothing.
    const again = await world.run(['update', 'fragile', '--yes'])
    expect(again.stderr).toMatch(/fragile web not updated: held by .*: Degraded after 2\.0\.0-broken/)
  })
})

describe('gates', () => {
  it('max-bump needs a yes of its own, or --pass', async () => {
    await deploy('careful', '>=1.0.0', { 'web.max-bump': 'minor' })
    const check = await world.run(['check', 'careful'])
    expect(check.stdout).toContain('needs approval: 1.0.0 → 3.0.0 is major (max-bump minor)')
    const kept = await world.run(['update', 'careful', '--yes'])
    expect(kept.stderr).toContain('careful web not updated: needs approval: 1.0.0 → 3.0.0 is major')
    expect(await sourceOf(world, 'careful')).toMatchObject({ kustomize: { images: [`${image}:1.0.0`] } })
    const passed = await world.run(['update', 'careful', '--yes', '--pass', 'max-bump'])
    expect(passed.stdout).toContain('careful updated: image web 1.0.0 → 3.0.0')
  })

  it('a window that is shut, and an image too young, wait; --pass does not', async () => {
    // The 29th of February at midnight, for a second: as shut as a window can be.
    await deploy('patient', '1.x', { 'web.min-age': '24h', 'web.update-window': '0 0 29 2 * 1s' })
    const check = await world.run(['check', 'patient', '--exit-code'])
    expect(check.stdout).toMatch(/waits: min-age 24h, first seen \d+s ago: ready in 23h/)
    expect(check.code).toBe(0)
    const explained = await world.run(['explain', 'patient'])
    expect(explained.stdout).toMatch(/min-age +WAIT/)
    expect(explained.stdout).toMatch(/update-window +WAIT +window 0 0 29 2 \* 1s UTC opens in/)
    const kept = await world.run(['update', 'patient', '--yes'])
    expect(kept.stderr).toContain('patient web not updated: min-age')
    const passed = await world.run(['update', 'patient', '--yes', '--pass', 'min-age,update-window'])
    expect(passed.stdout).toContain('patient updated: image web 1.0.0 → 1.1.0')
    expect(passed.stderr).toContain('passed by, as asked')
  })

  it('after waits until another Application runs the very image, Healthy and Synced', async () => {
    await deploy('stage', '1.x')
    await deploy('prod', '1.x', { 'web.after': 'stage' })
    expect((await world.run(['check', 'prod'])).stdout).toContain(
      'waits: after stage: it does not run 1.1.0 yet',
    )
    await world.run(['update', 'stage', '--yes', '--wait'])
    expect((await world.run(['update', 'prod', '--yes'])).stdout).toContain(
      'prod updated: image web 1.0.0 → 1.1.0',
    )
  })
})

it('check looks at several contexts in one view, and one that cannot be read stops no other', async () => {
  const config = parse(await readFile(world.kubeconfig, 'utf8'))
  const [context] = config.contexts
  const [cluster] = config.clusters
  const second = {
    ...context,
    context: { ...context.context, namespace: world.otherNamespace },
    name: 'second',
  }
  const dead = { ...context, context: { ...context.context, cluster: 'dead' }, name: 'dead' }
  config.contexts.push(second, dead)
  config.clusters.push({ ...cluster, cluster: { server: 'https://127.0.0.1:9' }, name: 'dead' })
  const kubeconfig = join(world.home, 'several')
  await writeFile(kubeconfig, stringify(config), { mode: 0o600 })
  await deploy('here', '1.x')
  await world.deploy({
    images: { web: `${image}:1.0.0` },
    name: 'there',
    namespace: world.otherNamespace,
    rules: { 'image-list': `web=${image}:1.x` },
  })
  await world.settle()
  const flags = ['--kubeconfig', kubeconfig, '--context', context.name, '--context', 'second']
  const both = await world.run(['check', ...flags])
  expect(both.stdout).toMatch(/^CONTEXT +APPLICATION/)
  expect(both.stdout).toMatch(new RegExp(`^${context.name} +here `, 'm'))
  expect(both.stdout).toMatch(/^second +there /m)
  const documents = JSON.parse((await world.run(['check', ...flags, '-o', 'json'])).stdout)
  expect(documents.items).toContainEqual(expect.objectContaining({ application: 'there', context: 'second' }))

  const one = await world.run(['check', ...flags, '--context', 'dead'])
  expect(one.stdout).toMatch(/^second +there /m)
  expect(one.stderr).toContain('127.0.0.1:9')
  expect(one.code).toBe(1)
})

describe('a choice of a person', () => {
  it('is followed as well: set --wait ends when it runs, and fails where it does not', async () => {
    await deploy('chosen', '1.x')
    const done = await world.run(['set', 'chosen', 'web=1.1.0', '--yes', '--wait'])
    expect(done.stderr).toMatch(/^chosen: Healthy$/m)
    expect(done.code).toBe(0)
    await world.settle()
    await world.edit('Deployment', world.workloads, 'chosen', { spec: { progressDeadlineSeconds: 1 } })
    await world.settle()
    const broken = await world.run(['set', 'chosen', 'web=2.0.0-broken', '--yes', '--wait'])
    expect(broken.stderr).toContain('chosen: Degraded')
    expect(broken.code).toBe(1)
    const back = await world.run(['rollback', 'chosen', '--yes', '--wait', '--refresh'])
    expect(back.stderr).toMatch(/^chosen: Healthy$/m)
    expect(back.code).toBe(0)
  })
})
