import { beforeEach, describe, expect, it, type TestContext, vi } from 'vitest'
import { objectAt } from '../../src/lib/sandbox/json.ts'
import { prefixed } from './world/manifests.ts'
import { needs } from './world/requirement.ts'
import { openTerminal, type Terminal } from './world/terminal.ts'
import { startWorld, type World, type WorldOptions } from './world/world.ts'

vi.setConfig({ testTimeout: 90_000 })
beforeEach((test) => needs('tmux', test))

const AMD64 = { os: 'linux', architecture: 'amd64', variant: '' }

interface Scene {
  readonly world: World
  readonly image: string
  /** Starts `annotate shop` with further arguments. */
  ask(...more: string[]): Promise<Terminal>
  annotations(): Promise<Record<string, unknown>>
}

/** An Application called shop that runs the first of the tags. */
async function openScene(
  test: TestContext,
  tags: readonly [string, ...string[]],
  { source, ...options }: WorldOptions & { readonly source?: object } = {},
): Promise<Scene> {
  const world = await startWorld(options)
  test.onTestFinished(() => world.close())
  const image = world.repository('web')
  for (const tag of tags) await world.push('web', tag, { platforms: [AMD64] })
  await world.deploy({
    name: 'shop',
    images: { web: `${image}:${tags[0]}` },
    ...(source && { source: source as Record<string, never>, sourceType: 'Helm' as const }),
  })
  await world.settle()
  return {
    world,
    image,
    ask: async (...more) => {
      const opened = await openTerminal(world, ['annotate', 'shop', ...more])
      test.onTestFinished(() => opened.close())
      return opened
    },
    annotations: async () =>
      objectAt(await world.read('Application', world.namespace, 'shop'), 'metadata', 'annotations'),
  }
}

/** Takes what is offered, question by question. */
async function accept(wizard: Terminal, ...questions: (string | RegExp)[]): Promise<void> {
  for (const question of questions) {
    await wizard.shows(question)
    await wizard.press('Enter')
  }
}

describe('annotate suggests from the tags that exist', () => {
  it('digest for a tag that is moved', async (test) => {
    const { ask, annotations, image } = await openScene(test, ['production', '1a2b3c4d5e', '2b3c4d5e6f'])
    const wizard = await ask()
    await accept(wizard, 'Image (those it runs)', 'Alias')
    await wizard.shows('"production" names no version, so it is moved')
    await accept(wizard, 'Strategy', 'Tag to follow', 'Write-back', 'More settings?')
    await wizard.shows('Write to shop')
    await wizard.press('y', 'Enter')
    expect(await wizard.exitCode()).toBe(0)
    expect(await annotations()).toEqual(
      prefixed({
        'image-list': `web=${image}:production`,
        'web.update-strategy': 'digest',
        'write-back-method': 'application',
      }),
    )
  })

  it('the version alone for a variant, with what each answer leaves', async (test) => {
    const tags = ['1.25.3-alpine', '1.25.4-alpine', '1.25.4', '2.0.0-alpine', 'latest'] as const
    const { ask, annotations, image } = await openScene(test, tags)
    const wizard = await ask()
    await accept(wizard, 'Image (those it runs)', 'Alias', 'Strategy')
    await wizard.shows('3 of 5 tags match, 2.0.0-alpine wins')
    await accept(wizard, 'What of the tag is compared')
    await wizard.shows('2 of 5 tags match, 1.25.4-alpine wins: 1.25.4-alpine, 1.25.3-alpine')
    await wizard.press('Down')
    await wizard.shows('3 of 5 tags match, 2.0.0-alpine wins')
    await wizard.press('Up')
    await wizard.shows('1.25.4-alpine wins')
    await accept(wizard, 'Version range', 'Filter', 'Write-back', 'More settings?')
    await wizard.shows('Right now this rule chooses 1.25.4-alpine')
    await wizard.shows('Write to shop')
    await wizard.press('y', 'Enter')
    expect(await wizard.exitCode()).toBe(0)
    expect(await annotations()).toMatchObject(
      prefixed({
        'image-list': `web=${image}:^1.25`,
        'web.tag-pattern': String.raw`^(?P<version>\d+\.\d+\.\d+)-alpine$`,
      }),
    )
  })
})

it('annotate says what cannot be read under the question, and takes it only when it can', async (test) => {
  const { ask } = await openScene(test, ['1.0.0', '1.1.0'])
  const wizard = await ask()
  await accept(wizard, 'Image (those it runs)', 'Alias', 'Strategy')
  await wizard.shows('Version range')
  await wizard.type('^1.0 |')
  await wizard.shows(/\(.*constraint.*\)/)
  await wizard.press('Enter', 'BSpace', 'BSpace')
  await wizard.shows('2 of 2 tags match, 1.1.0 wins')
  await wizard.press('Enter')
  await wizard.shows('Filter')
  await wizard.press('C-c')
  expect(await wizard.exitCode()).toBe(130)
})

it('annotate takes an answer whose keys come all at once, as when it is pasted', async (test) => {
  const { image, world } = await openScene(test, ['1.0.0', '1.1.0', '2.0.0'])
  for (const name of ['billing', 'shipping']) await world.deploy({ images: { web: `${image}:1.0.0` }, name })
  await world.settle()
  const wizard = await openTerminal(world, ['annotate'])
  test.onTestFinished(() => wizard.close())
  await wizard.shows('billing')
  await wizard.press('s', 'h', 'Down', 'i', 'Enter')
  await accept(wizard, /Application.* shipping\n.*Image/, 'Alias', 'Strategy')
  await wizard.shows('Version range')
  await wizard.press('1', '.', 'x', 'Enter')
  await wizard.shows(/Version range.* 1\.x\n.*Filter/)
  await wizard.press('^', '1', 'Enter')
  await wizard.shows(/Filter.* \^1\n.*Write-back/)
  await wizard.press('C-c')
  expect(await wizard.exitCode()).toBe(130)
})

it('annotate has more settings for who wants them, each checked as it is answered', async (test) => {
  const { ask, annotations } = await openScene(test, ['1.0.0', '1.1.0', '2.0.0'])
  const wizard = await ask()
  await accept(wizard, 'Image (those it runs)', 'Alias', 'Strategy', 'Version range', 'Filter', 'Write-back')
  await wizard.shows('More settings?')
  await wizard.press('y', 'Enter')
  const choose = async (setting: string) => {
    await wizard.shows('That is all')
    for (const key of ALL_SETTINGS.slice(0, ALL_SETTINGS.indexOf(setting) + 1)) {
      expect(key).not.toBe('')
      await wizard.press('Down')
    }
    await wizard.press('Enter')
  }
  await choose('ignore-tags')
  await wizard.shows('ignore-tags: comma-separated globs')
  await wizard.type('1.1*')
  await wizard.shows('1 of 3 tags matches, 1.0.0 wins')
  await wizard.press('Enter')
  await wizard.shows(/❯ That is all[\s\S]*ignore-tags +1\.1\*/)
  await choose('platforms')
  await wizard.shows('❯ linux/amd64')
  await wizard.press('Enter')
  await wizard.shows(/❯ That is all[\s\S]*platforms +linux\/amd64/)
  await choose('image-poll-interval')
  await wizard.shows('? image-poll-interval: how often')
  await wizard.type('5 minutes')
  await wizard.press('Enter')
  await wizard.shows(/image-poll-interval.*5 minutes/)
  for (const _ of ' minutes') await wizard.press('BSpace')
  await wizard.type('m')
  await wizard.press('Enter')
  await wizard.shows(/❯ That is all[\s\S]*image-poll-interval +5m/)
  await wizard.press('Enter')
  await wizard.shows('Write to shop')
  await wizard.press('y', 'Enter')
  expect(await wizard.exitCode()).toBe(0)
  expect(await annotations()).toMatchObject(
    prefixed({
      'web.ignore-tags': '1.1*',
      'web.platforms': 'linux/amd64',
      'web.image-poll-interval': '5m',
    }),
  )
})

/** In the order of the list, as far as the test goes down. */
const ALL_SETTINGS = [
  ...['allow-tags', 'ignore-tags', 'tag-pattern', 'platforms', 'pin-digest', 'force-update'],
  ...['allow-downgrade', 'image-poll-interval'],
]

it('annotate offers the Helm parameters that are set, where none has the usual name', async (test) => {
  const parameters = [
    { name: 'front.image.repo', value: 'x' },
    { name: 'front.image.version', value: '1.0.0' },
  ]
  const { ask, annotations } = await openScene(test, ['1.0.0', '1.1.0'], { source: { helm: { parameters } } })
  const wizard = await ask()
  await accept(wizard, 'Image (those it runs)', 'Alias', 'Strategy', 'Version range', 'Filter', 'Write-back')
  await wizard.shows(/helm\.image-name[\s\S]*❯ front\.image\.repo/)
  await wizard.press('Enter')
  await wizard.shows('helm.image-tag')
  await wizard.type('front.image.vresion')
  await wizard.shows('the Application sets no such parameter; front.image.version is near')
  for (const _ of 'vresion') await wizard.press('BSpace')
  await wizard.type('v')
  await wizard.shows('the Application sets it')
  await wizard.press('Enter')
  await accept(wizard, 'More settings?')
  await wizard.shows('Write to shop')
  await wizard.press('y', 'Enter')
  expect(await wizard.exitCode()).toBe(0)
  expect(await annotations()).toMatchObject(
    prefixed({
      'web.helm.image-name': 'front.image.repo',
      'web.helm.image-tag': 'front.image.version',
    }),
  )
})

it('annotate goes on without the tags of a registry that does not answer', async (test) => {
  const { ask, annotations, world } = await openScene(test, ['1.0.0'], { detours: true })
  const { registry } = world
  if (!registry) throw new Error('there is no detour')
  const answer = Promise.withResolvers<undefined>()
  test.onTestFinished(() => answer.resolve(undefined))
  registry.intercept = (line) => (line.includes('/tags/list') ? answer.promise : undefined)
  const wizard = await ask()
  await accept(wizard, 'Image (those it runs)', 'Alias')
  await wizard.shows('The registry has not answered yet. Go on without its tags?')
  await wizard.press('y', 'Enter')
  await accept(wizard, 'Strategy', 'Version range', 'Filter', 'Write-back', 'More settings?')
  await wizard.shows('Write to shop')
  await wizard.press('y', 'Enter')
  expect(await wizard.exitCode()).toBe(0)
  expect(await annotations()).toMatchObject(prefixed({ 'web.update-strategy': 'semver' }))
})

it('annotate takes the question back when the tags arrive', async (test) => {
  const { ask, world } = await openScene(test, ['1.0.0', '1.1.0'], { detours: true })
  const { registry } = world
  if (!registry) throw new Error('there is no detour')
  const answer = Promise.withResolvers<undefined>()
  registry.intercept = (line) => (line.includes('/tags/list') ? answer.promise : undefined)
  const wizard = await ask()
  await accept(wizard, 'Image (those it runs)', 'Alias')
  await wizard.shows('Go on without its tags?')
  answer.resolve(undefined)
  await wizard.shows('2 tags are named as versions')
  await wizard.press('C-c')
  expect(await wizard.exitCode()).toBe(130)
})

it('annotate --image-updater asks the same and writes the resource', async (test) => {
  const { ask, annotations, image, world } = await openScene(test, ['1.0.0', '1.1.0'])
  const wizard = await ask('--image-updater', 'rules')
  await accept(wizard, 'Image (those it runs)', 'Alias', 'Strategy', 'Version range', 'Filter', 'Write-back')
  await accept(wizard, 'More settings?')
  await wizard.shows('Right now this rule chooses 1.1.0')
  await wizard.shows('Write the rule for shop to ImageUpdater rules in context end-to-end')
  await wizard.press('y', 'Enter')
  expect(await wizard.exitCode()).toBe(0)
  expect(await annotations()).toEqual({})
  expect(await world.read('ImageUpdater', world.namespace, 'rules')).toMatchObject({
    spec: { applicationRefs: [{ namePattern: 'shop', images: [{ imageName: `${image}:^1.0` }] }] },
  })
})

it('annotate asks once for several Applications, and goes on after a no', async (test) => {
  const { annotations, image, world } = await openScene(test, ['1.0.0', '1.1.0'])
  await world.deploy({ name: 'zoo', images: { web: `${image}:1.0.0` } })
  await world.settle()
  const asked = async (answer: 'n' | 'y') => {
    const wizard = await openTerminal(world, ['annotate', 'shop', 'zoo', '--image', `web=${image}:^1`])
    test.onTestFinished(() => wizard.close())
    await wizard.shows(`Write to these 2 Applications in context end-to-end, namespace ${world.namespace}?`)
    await wizard.press(answer, 'Enter')
    expect(await wizard.exitCode()).toBe(0)
    return wizard.screen()
  }
  expect(await asked('n')).toContain('Nothing was written.')
  expect(await annotations()).toEqual({})
  expect(await asked('y')).toContain('2 Applications annotated.')
  expect(await annotations()).toEqual(prefixed({ 'image-list': `web=${image}:^1` }))
})
