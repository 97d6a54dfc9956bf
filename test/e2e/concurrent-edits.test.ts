import { describe, expect, it, type TestContext } from 'vitest'
import { valueAt } from '../../src/lib/sandbox/json.ts'
import { sourceOf } from './world/cluster-facts.ts'
import type { Detour } from './world/detour.ts'
import { ANNOTATION_PREFIX } from './world/manifests.ts'
import { startWorld, type World } from './world/world.ts'

interface Scene {
  readonly world: World
  readonly image: string
  /** Does it once, when the plugin sends its write and before the API server sees it. */
  beforeWrite(edit: () => Promise<void>): void
}

/** An Application with an update at hand, and a way to be quicker than the plugin. */
async function openScene(test: TestContext): Promise<Scene> {
  const world = await startWorld({ detours: true })
  test.onTestFinished(() => world.close())
  const api = world.api as Detour
  const image = world.repository('web')
  for (const tag of ['1.0.0', '1.1.0']) await world.push('web', tag)
  for (const name of ['shop', 'zoo']) {
    await world.deploy({ name, images: { app: `${image}:1.0.0` }, rules: { 'image-list': `app=${image}` } })
  }
  await world.settle()
  return {
    world,
    image,
    beforeWrite: (edit) => {
      let done = false
      api.intercept = async (line) => {
        if (!done && /^PATCH .*\/applications\/shop\?/.test(line)) {
          done = true
          await edit()
        }
        return undefined
      }
    },
  }
}

describe.concurrent('between the read and the write of update', () => {
  it('an edit elsewhere in the spec survives, and so does the update', async (test) => {
    const { world, image, beforeWrite } = await openScene(test)
    beforeWrite(() =>
      world.edit('Application', world.namespace, 'shop', {
        spec: { source: { targetRevision: 'release-2' } },
      }),
    )
    expect(await world.run(['update', '--yes'])).toMatchObject({
      code: 0,
      stderr: expect.not.stringMatching(/^error: /m),
    })
    expect(await sourceOf(world, 'shop')).toMatchObject({
      targetRevision: 'release-2',
      kustomize: { images: [`${image}:1.1.0`] },
    })
  })

  it('an edit of the same image by somebody else is not overwritten', async (test) => {
    const { world, image, beforeWrite } = await openScene(test)
    const theirs = [`${image}:1.1.0`, 'example.com/other:2']
    beforeWrite(() =>
      world.edit('Application', world.namespace, 'shop', {
        spec: { source: { kustomize: { images: theirs } } },
      }),
    )
    expect(await world.run(['update', '--yes'])).toMatchObject({
      code: 0,
      stderr: expect.not.stringMatching(/^error: /m),
    })
    expect(await sourceOf(world, 'shop')).toMatchObject({ kustomize: { images: theirs } })
  })

  it('a rule that was changed is decided again', async (test) => {
    const { world, beforeWrite } = await openScene(test)
    beforeWrite(() =>
      world.edit('Application', world.namespace, 'shop', {
        metadata: { annotations: { [`${ANNOTATION_PREFIX}/app.ignore-tags`]: '1.1.0' } },
      }),
    )
    const { code, stdout } = await world.run(['update', '--yes'])
    expect(code).toBe(0)
    expect(stdout).toContain('application.argoproj.io/zoo updated')
    expect(valueAt(await sourceOf(world, 'shop'), 'kustomize')).toBeUndefined()
  })

  it('a deletion is one line, and the others are updated', async (test) => {
    const { world, beforeWrite } = await openScene(test)
    beforeWrite(() => world.remove('Application', world.namespace, 'shop'))
    const { code, stdout, stderr } = await world.run(['update', '--yes'])
    expect(code).toBe(1)
    expect(stderr.split('\n').filter((line) => line.startsWith('error: '))).toEqual([
      expect.stringMatching(
        /^error: shop: image app 1\.0\.0 → 1\.1\.0: .*deleted meanwhile: nothing was written/,
      ),
    ])
    expect(stdout).toContain('application.argoproj.io/zoo updated')
    expect(await world.list('Application', world.namespace)).toHaveLength(1)
  })

  it('a status written by a controller is no reason to give up', async (test) => {
    const { world, image, beforeWrite } = await openScene(test)
    beforeWrite(() =>
      world.edit('Application', world.namespace, 'shop', {
        status: { reconciledAt: '2026-01-01T00:00:00Z' },
      }),
    )
    expect(await world.run(['update', '--yes'])).toMatchObject({
      code: 0,
      stderr: expect.not.stringMatching(/^error: /m),
    })
    expect(await sourceOf(world, 'shop')).toMatchObject({ kustomize: { images: [`${image}:1.1.0`] } })
  })

  it('two updates at the same time write the image once and harm nothing', async (test) => {
    const { world, image } = await openScene(test)
    const results = await Promise.all([world.run(['update', '--yes']), world.run(['update', '--yes'])])
    expect(results.map(({ code }) => code)).toEqual([0, 0])
    expect(await sourceOf(world, 'shop')).toMatchObject({ kustomize: { images: [`${image}:1.1.0`] } })
  })
})

describe('annotate', () => {
  it('does not overwrite an annotation that somebody else changed meanwhile', async (test) => {
    const { world, image, beforeWrite } = await openScene(test)
    const theirs = `app=${image}:~1.0`
    beforeWrite(() =>
      world.edit('Application', world.namespace, 'shop', {
        metadata: { annotations: { [`${ANNOTATION_PREFIX}/image-list`]: theirs } },
      }),
    )
    const { code, stderr } = await world.run(['annotate', 'shop', '--image', `app=${image}:2.x`, '--yes'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: application "shop" changed while you decided .*nothing was written/m)
    const application = await world.read('Application', world.namespace, 'shop')
    expect(valueAt(application, 'metadata', 'annotations', `${ANNOTATION_PREFIX}/image-list`)).toBe(theirs)
  })
})
