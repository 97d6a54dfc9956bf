import { beforeEach, describe, expect, it, type TestContext, vi } from 'vitest'
import { objectAt, valueAt } from '../../src/lib/sandbox/json.ts'
import { resourceVersion, runningDigests, sourceOf } from './world/cluster-facts.ts'
import { prefixed } from './world/manifests.ts'
import { needs } from './world/requirement.ts'
import { openTerminal, type Terminal } from './world/terminal.ts'
import { startWorld, type World } from './world/world.ts'

vi.setConfig({ testTimeout: 90_000 })
beforeEach((test) => needs('tmux', test))

async function openWorld(test: TestContext): Promise<{ world: World; image: string }> {
  const world = await startWorld()
  test.onTestFinished(() => world.close())
  const image = world.repository('web')
  for (const tag of ['1.0.0', '1.1.0', '2.0.0', 'nightly']) await world.push('web', tag)
  return { world, image }
}

async function terminal(test: TestContext, world: World, ...args: string[]): Promise<Terminal> {
  const opened = await openTerminal(world, args)
  test.onTestFinished(() => opened.close())
  return opened
}

async function deployShop(world: World, image: string): Promise<void> {
  const rules = { 'image-list': `web=${image}:1.x` }
  await world.deploy({ name: 'shop', images: { web: `${image}:1.0.0` }, rules })
  await world.settle()
}

describe('in a terminal', () => {
  it('update shows the diff and asks: n writes nothing, y applies', async (test) => {
    const { world, image } = await openWorld(test)
    await deployShop(world, image)
    const before = await resourceVersion(world, 'Application', 'shop')
    const question = `Apply to shop in context end-to-end, namespace ${world.namespace}?`

    const first = await terminal(test, world, 'update')
    await first.shows(question)
    expect(await first.screen()).toContain(`+     ${image}:1.1.0`)
    await first.press('n', 'Enter')
    expect(await first.exitCode()).toBe(0)
    expect(await first.screen()).toContain('Nothing was written')
    expect(await resourceVersion(world, 'Application', 'shop')).toBe(before)

    const second = await terminal(test, world, 'update')
    await second.shows(question)
    await second.press('y', 'Enter')
    expect(await second.exitCode()).toBe(0)
    expect(await second.screen()).toContain('application.argoproj.io/shop updated: image web 1.0.0 → 1.1.0')
    expect(await sourceOf(world, 'shop')).toMatchObject({ kustomize: { images: [`${image}:1.1.0`] } })
  })

  it('Ctrl-C at the question of update writes nothing and ends with 130', async (test) => {
    const { world, image } = await openWorld(test)
    await deployShop(world, image)
    const before = await resourceVersion(world, 'Application', 'shop')
    const asked = await terminal(test, world, 'update')
    await asked.shows('Apply to shop')
    await asked.press('C-c')
    expect(await asked.exitCode()).toBe(130)
    expect(await resourceVersion(world, 'Application', 'shop')).toBe(before)
  })

  it('annotate asks for everything, shows what would match and the diff, and writes after a yes', async (test) => {
    const { world, image } = await openWorld(test)
    await world.deploy({ name: 'billing', images: { web: `${image}:1.0.0` } })
    await world.deploy({ name: 'shop', images: { web: `${image}:1.0.0` } })
    await world.settle()
    const wizard = await terminal(test, world, 'annotate')
    await wizard.shows('billing')
    await wizard.type('sho')
    await wizard.shows(/Application.*sho[\s\S]*shop/)
    await wizard.press('Enter')
    await wizard.shows('Image (those it runs)')
    await wizard.press('Enter')
    await wizard.shows('Alias')
    await wizard.press('Enter')
    await wizard.shows('Strategy')
    await wizard.press('Enter')
    await wizard.shows('3 of 4 tags are versions')
    await wizard.type('1.x')
    await wizard.press('Enter')
    await wizard.shows('Filter')
    await wizard.type('^1')
    await wizard.shows('2 of 4 tags match')
    await wizard.press('Enter')
    await wizard.shows('Write-back')
    await wizard.press('Enter')
    await wizard.shows('More settings?')
    await wizard.press('Enter')
    await wizard.shows('Right now this rule chooses 1.1.0')
    await wizard.shows(`Write to shop in context end-to-end, namespace ${world.namespace}?`)
    const application = () => world.read('Application', world.namespace, 'shop')
    expect(objectAt(await application(), 'metadata', 'annotations')).toEqual({})
    await wizard.press('y', 'Enter')
    expect(await wizard.exitCode()).toBe(0)
    expect(await wizard.screen()).toContain('application.argoproj.io/shop annotated')
    expect(objectAt(await application(), 'metadata', 'annotations')).toEqual(
      prefixed({
        'image-list': `web=${image}:1.x`,
        'web.update-strategy': 'semver',
        'web.image-tag-filter': '^1',
        'write-back-method': 'application',
      }),
    )
  })

  it('watch --plain asks before it writes, goes on after a no, and ends with a summary on Ctrl-C', async (test) => {
    const { world, image } = await openWorld(test)
    await deployShop(world, image)
    const rules = { 'image-list': `web=${image}:1.x` }
    await world.deploy({ name: 'zoo', images: { web: `${image}:1.0.0` }, rules })
    await world.settle()
    const watching = await terminal(test, world, 'watch', '--plain')
    await watching.shows('Apply to shop')
    await watching.press('n', 'Enter')
    await watching.shows(/shop\/web .*: declined/)
    await watching.shows('Apply to zoo')
    await watching.press('y', 'Enter')
    await watching.shows('zoo/web 1.0.0 → 1.1.0 applied')
    await watching.press('C-c')
    expect(await watching.exitCode()).toBe(130)
    expect(await watching.screen()).toContain('Stopped: 1 poll, 1 applied, 1 declined, 0 failed.')
    expect(valueAt(await sourceOf(world, 'shop'), 'kustomize')).toBeUndefined()
    await world.settle()
    expect(await runningDigests(world, 'zoo')).toHaveLength(1)
  })
})
