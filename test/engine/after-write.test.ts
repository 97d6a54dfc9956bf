import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import { EventRecorder } from '../../src/lib/cluster/events.ts'
import { type AfterWriteOptions, afterWrite } from '../../src/lib/engine/after-write.ts'
import type { ApplyOutcome } from '../../src/lib/engine/apply-outcome.ts'
import { checkImages } from '../../src/lib/engine/check.ts'
import { isUpdatable, type UpdatableImage } from '../../src/lib/engine/checked-image.ts'
import { manageImages } from '../../src/lib/engine/managed-image.ts'
import { UserError } from '../../src/lib/errors.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { FakeCluster } from './fake-cluster.ts'
import { FakeRegistry } from './fake-registry.ts'
import { applicationOf, contextOf, NOW } from './world.ts'

const AUTHOR = { by: 'ada@laptop', how: 'watch', reason: 'approved' } as const

/** A shop with two images that were written. */
async function written() {
  const cluster = new FakeCluster()
  const registry = new FakeRegistry({ 'org/api': { '2.0.0': {} }, 'org/web': { '2.0.0': {} } })
  cluster.put(
    'applications',
    applicationOf({
      kustomize: ['org/web:1.0.0', 'org/api:1.0.0'],
      rules: { 'image-list': 'web=org/web,api=org/api' },
    }),
  )
  const [shop] = (await cluster.list({ group: '', resource: 'applications', version: '' })) as Application[]
  const { images } = manageImages(shop ? [shop] : [], readAnnotationRules)
  const updates = (await checkImages(contextOf(registry, cluster), images)).filter(isUpdatable)
  const finish = (
    options: Partial<AfterWriteOptions> = {},
    outcomes = updates.map((image): ApplyOutcome => ({ image, state: 'applied' })),
  ) =>
    afterWrite({ cluster, now: () => NOW }, new EventRecorder(cluster, AUTHOR.by), outcomes, {
      author: AUTHOR,
      dryRun: false,
      request: 'nothing',
      ...options,
    })
  const events = async () =>
    (await cluster.list({ group: '', resource: 'events', version: 'v1' })) as { reason?: string }[]
  return { finish, cluster, events, updates }
}

describe('after a write', () => {
  it('an Event tells of it, one for all images of the Application', async () => {
    const { finish, cluster, events } = await written()
    expect(await finish()).toEqual([])
    expect(await events()).toMatchObject([{ reason: 'ImagesUpdated' }])
    expect(cluster.patches).toEqual([])
  })

  it('and of a failure, after which Argo CD is asked for nothing', async () => {
    const { finish, cluster, events, updates } = await written()
    const failed = updates.map(
      (image: UpdatableImage): ApplyOutcome => ({ error: new UserError('no'), image, state: 'failed' }),
    )
    expect(await finish({ request: 'sync' }, failed)).toEqual([])
    expect(await events()).toMatchObject([{ reason: 'ImagesUpdateFailed' }])
    expect(cluster.patches).toEqual([])
  })

  it.each(['refresh', 'sync'] as const)('Argo CD is asked once to %s the Application', async (request) => {
    const { finish, cluster } = await written()
    expect(await finish({ request })).toEqual([])
    expect(cluster.patches).toEqual([{ dryRun: false, path: 'applications/argocd/shop' }])
  })

  it.each([
    ['committed to the branch that is deployed', true, 1],
    ['on a branch that nobody has merged', false, 0],
  ])('of what is %s', async (_, deployed, times) => {
    const { finish, cluster, updates } = await written()
    const outcomes = updates.map(
      (image): ApplyOutcome => ({
        commit: { branch: 'main', deployed, id: 'c0ffee', request: '' },
        image: { ...image, decision: { ...image.decision, place: 'git' } },
        state: 'applied',
      }),
    )
    await finish({ request: 'refresh' }, outcomes)
    expect(cluster.patches).toHaveLength(times)
  })

  it('what cannot be asked for is told, and fails nothing', async () => {
    const { finish, cluster } = await written()
    cluster.refusals.set('applications/argocd/shop', 403)
    expect(await finish({ request: 'refresh' })).toEqual([expect.stringContaining('shop')])
  })

  it('a dry run does nothing of that', async () => {
    const { finish, cluster, events } = await written()
    expect(await finish({ dryRun: true, request: 'sync' })).toEqual([])
    expect(await events()).toEqual([])
    expect(cluster.patches).toEqual([])
  })
})
