import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import { checkImages } from '../../src/lib/engine/check.ts'
import { isUpdatable, type UpdatableImage } from '../../src/lib/engine/checked-image.ts'
import { manageImages } from '../../src/lib/engine/managed-image.ts'
import { undoUpdates } from '../../src/lib/engine/undo.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { FakeCluster } from './fake-cluster.ts'
import { FakeRegistry } from './fake-registry.ts'
import { applicationOf, contextOf } from './world.ts'

const AUTHOR = { by: 'ada@laptop', how: 'rollback', reason: 'Degraded after 2.0.0' } as const

/** A shop whose image was updated to 2.0.0. */
async function updated() {
  const cluster = new FakeCluster()
  cluster.put(
    'applications',
    applicationOf({ kustomize: ['org/web:1.0.0'], rules: { 'image-list': 'web=org/web' } }),
  )
  const context = contextOf(new FakeRegistry({ 'org/web': { '2.0.0': {} } }), cluster)
  const applications = (await cluster.list({
    group: '',
    resource: 'applications',
    version: '',
  })) as Application[]
  const { images } = manageImages(applications, readAnnotationRules)
  const [image] = (await checkImages(context, images)).filter(isUpdatable)
  return { cluster, context, image: image as UpdatableImage }
}

describe('taking an update back', () => {
  it('writes what was there before, and holds it', async () => {
    const { cluster, context, image } = await updated()
    expect(await undoUpdates(context, [image], AUTHOR)).toMatchObject([{ before: { tag: '1.0.0' } }])
    const { metadata } = cluster.at('applications', 'argocd', 'shop') as Application
    expect(JSON.stringify(metadata.annotations)).toContain('web.hold')
  })

  it('is for whoever has the turn', async () => {
    const { cluster, context, image } = await updated()
    await expect(undoUpdates(context, [image], AUTHOR, () => 'bob has the lease')).rejects.toThrow(
      'bob has the lease',
    )
    expect(cluster.patches).toEqual([])
  })

  it.each([
    ['git', 'shop web was committed: the spec has nothing to put back'],
    ['workloads', 'shop web was restarted for a tag that moved'],
  ] as const)('is refused, and nothing written, where the place was %s', async (place, message) => {
    const { cluster, context, image } = await updated()
    const elsewhere = { ...image, decision: { ...image.decision, place } }
    await expect(undoUpdates(context, [elsewhere], AUTHOR)).rejects.toThrow(message)
    expect(cluster.patches).toEqual([])
  })
})
