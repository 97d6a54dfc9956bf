import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld, type World } from './world/world.ts'

let world: World
let image = ''

beforeAll(async () => {
  world = await startWorld({ detours: true })
  image = world.repository('web')
  for (const tag of ['1.0.0', '1.10.0', '1.9.0', 'main']) await world.push('web', tag)
  await world.deploy({
    name: 'shop',
    images: { web: `${image}:1.0.0` },
    rules: { 'image-list': `web=${image}:1.x` },
  })
  await world.deploy({ name: 'pages', images: { app: `${image}:1.0.0` } })
  await world.apply({
    apiVersion: 'argocd-image-updater.argoproj.io/v1alpha1',
    kind: 'ImageUpdater',
    metadata: { name: 'pages', namespace: world.namespace },
    spec: {
      applicationRefs: [{ namePattern: 'pages', images: [{ alias: 'site', imageName: `${image}:1.x` }] }],
    },
  })
  await world.settle()
})
afterAll(() => world?.close())

const complete = async (...words: string[]) => {
  const { code, stderr, stdout } = await world.run(['__complete', ...words])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

describe('names from the cluster', () => {
  it('are Applications, and aliases of annotations and ImageUpdater resources', async () => {
    expect(await complete('check', 'sh')).toBe('shop\n:4\n')
    expect(await complete('check', `${world.namespace}/s`)).toBe(`${world.namespace}/shop\n:4\n`)
    expect(await complete('explain', 'shop', '')).toBe('web\n:4\n')
    expect(await complete('hold', 'pages', '')).toBe('site\n:4\n')
    expect(await complete('hold', '-n', world.otherNamespace, `${world.namespace}/pages`, '')).toBe(
      'site\n:4\n',
    )
    expect(await complete('set', 'shop', '')).toBe('web=\n:38\n')
  })

  it('are asked for where the flags say', async () => {
    expect(await complete('check', '-n', world.otherNamespace, '')).toBe(':4\n')
    expect(await complete('-n', world.namespace, 'check', '')).toBe('pages\nshop\n:4\n')
    expect(await complete('check', '-n', world.namespace)).toMatch(
      new RegExp(`^${world.namespace}\n${world.otherNamespace}\n`),
    )
  })

  it('are left out in silence where there is no such context', async () => {
    expect(await complete('check', '--context', 'absent', '')).toBe(':4\n')
  })
})

describe('tags', () => {
  beforeEach(() => rm(join(world.home, '.cache'), { force: true, recursive: true }))

  /** Nobody is asked while `work` completes. */
  async function alone(work: () => Promise<void>): Promise<void> {
    const before = [world.api?.requests.length, world.registry?.requests.length]
    await work()
    expect([world.api?.requests.length, world.registry?.requests.length]).toEqual(before)
  }

  it('are those that a command has listed, the newest first, and nobody is asked', async () => {
    await alone(async () => expect(await complete('set', 'shop', 'web=')).toBe(':36\n'))
    expect(await world.run(['check'])).toMatchObject({ code: 0 })
    await alone(async () => {
      expect(await complete('set', 'shop', 'web=')).toBe('web=1.10.0\nweb=1.9.0\nweb=1.0.0\nweb=main\n:36\n')
      expect(await complete('set', `${world.namespace}/pages`, 'site=1.9')).toBe('site=1.9.0\n:36\n')
      expect(await complete('skip', 'shop', 'web', '1.1')).toBe('1.10.0\n:36\n')
      expect(await complete('-A', 'skip', 'shop', 'web', '1.1')).toBe('1.10.0\n:36\n')
      expect(await complete('-n', world.otherNamespace, 'skip', 'shop', 'web', '')).toBe(':36\n')
    })
  })

  it('are completed where an image is named, too', async () => {
    expect(await world.run(['tags', image])).toMatchObject({ code: 0 })
    await alone(async () => {
      expect(await complete('tags', image.slice(0, -1))).toBe(`${image}\n:36\n`)
      expect(await complete('tags', `${image}:1.1`)).toBe(`${image}:1.10.0\n:36\n`)
      expect(await complete('tags', image, '--constraint', 'm')).toBe('main\n:36\n')
      expect(await complete('annotate', 'shop', `--image=web=${image.slice(0, -1)}`)).toBe(
        `web=${image}\n:36\n`,
      )
      expect(await complete('annotate', 'shop', '--image', `web=${image}`, '--constraint', 'm')).toBe(
        'main\n:36\n',
      )
    })
  })

  it('need no listing of their own once the alias was completed', async () => {
    expect(await world.run(['tags', image])).toMatchObject({ code: 0 })
    expect(await complete('set', 'pages', 's')).toBe('site=\n:38\n')
    await alone(async () => expect(await complete('set', 'pages', 'site=m')).toBe('site=main\n:36\n'))
  })

  it('follow the registry: a listing that is another is kept', async () => {
    expect(await world.run(['check'])).toMatchObject({ code: 0 })
    await world.push('web', '1.11.0')
    expect(await world.run(['explain', 'shop'])).toMatchObject({ code: 0 })
    expect(await complete('set', 'shop', 'web=1.11')).toBe('web=1.11.0\n:36\n')
  })

  it('that somebody else put into the cache stay out of the shell (S14)', async () => {
    expect(await world.run(['check'])).toMatchObject({ code: 0 })
    const folder = join(world.home, '.cache', 'kubectl-image-updater', 'tags')
    const [file = ''] = await readdir(folder)
    const key = decodeURIComponent(file.replace('.json', ''))
    const tags = ['1.0.0', '$(touch pwned)', '`id`', 'a b', 'a;b', '1.0\n:0', '\u001b[2J', "'", '-rf']
    await writeFile(join(folder, file), JSON.stringify({ key, value: { tags } }))
    expect(await complete('set', 'shop', 'web=')).toBe('web=1.0.0\n:36\n')
    await writeFile(join(folder, file), '{ broken')
    expect(await complete('set', 'shop', 'web=')).toBe(':36\n')
    await writeFile(join(folder, '%zz.json'), '')
    await writeFile(join(folder, `${encodeURIComponent('$(touch pwned)')}.json`), '')
    expect(await complete('tags', '')).toBe(`${image}\n:36\n`)
    expect(await world.run(['check'])).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining('cache'),
    })
  })

  it('are not kept where the cache cannot be written, and nothing is said of it', async () => {
    await writeFile(join(world.home, '.cache'), '')
    const { code, stderr } = await world.run(['check'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringMatching(/cache|Warning/) })
    expect(await complete('set', 'shop', 'web=')).toBe(':36\n')
  })
})
