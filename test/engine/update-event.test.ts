import { describe, expect, it } from 'vitest'
import { EventRecorder } from '../../src/lib/cluster/events.ts'
import type { ApplyOutcome } from '../../src/lib/engine/apply-outcome.ts'
import { checkImages } from '../../src/lib/engine/check.ts'
import { isUpdatable, type UpdatableImage } from '../../src/lib/engine/checked-image.ts'
import { imagesUpdated, imagesUpdateFailed, recordOutcomes } from '../../src/lib/engine/update-event.ts'
import { UserError } from '../../src/lib/errors.ts'
import { parseImageReference } from '../../src/lib/image/reference.ts'
import { FakeCluster } from './fake-cluster.ts'
import { FakeRegistry } from './fake-registry.ts'
import { contextOf, managed, NOW } from './world.ts'

const AUTHOR = { by: 'ada@laptop', how: 'watch', reason: '--approve patch' } as const
const DIGEST = `sha256:${'a'.repeat(64)}`
const change = (before: string, after: string) => ({
  after: parseImageReference(after),
  before: before === '' ? undefined : parseImageReference(before),
})

describe('the Event about a commit', () => {
  const changes = [change('shop/web:1.0', 'shop/web:1.1')]
  const commit = { branch: 'main', deployed: true, id: 'c0ffee'.repeat(7).slice(0, 40), request: '' }

  it('names branch and commit', () => {
    expect(imagesUpdated(changes, AUTHOR, commit).message).toMatch(
      /^Committed shop\/web 1\.0 → 1\.1 to main as c0ffeec0ffee; /,
    )
  })

  it('says of a pull request that it is a proposal', () => {
    const request = 'https://git.example.com/shop/pulls/7'
    expect(imagesUpdated(changes, AUTHOR, { ...commit, deployed: false, request }).message).toMatch(
      /^Proposed shop\/web 1\.0 → 1\.1 in https:\/\/git\.example\.com\/shop\/pulls\/7; /,
    )
  })
})

describe('the Event about an update', () => {
  it('has the names that argocd-image-updater gives', () => {
    const changes = [
      change('ghcr.io/shop/web:1.0', 'ghcr.io/shop/web:1.1'),
      change('', `shop/api:live@${DIGEST}`),
    ]
    expect(imagesUpdated(changes, AUTHOR)).toEqual({
      action: 'UpdateImages',
      annotations: {
        'argocd-image-updater.image-0/full-image-name': 'ghcr.io/shop/web',
        'argocd-image-updater.image-0/image-name': 'shop/web',
        'argocd-image-updater.image-0/new-tag': '1.1',
        'argocd-image-updater.image-0/old-tag': '1.0',
        'argocd-image-updater.image-1/full-image-name': 'shop/api',
        'argocd-image-updater.image-1/image-name': 'shop/api',
        'argocd-image-updater.image-1/new-tag': `live@${DIGEST}`,
        'argocd-image-updater.image-1/old-tag': '',
      },
      message: `Updated ghcr.io/shop/web 1.0 → 1.1, shop/api to live@${DIGEST}; by ada@laptop (watch, --approve patch)`,
      reason: 'ImagesUpdated',
      type: 'Normal',
    })
  })

  it('warns of a failure', () => {
    expect(imagesUpdateFailed([change('web:1', 'web:2')], 'it is forbidden', AUTHOR)).toMatchObject({
      message: 'Could not update web 1 → 2: it is forbidden; by ada@laptop (watch, --approve patch)',
      reason: 'ImagesUpdateFailed',
      type: 'Warning',
    })
  })
})

describe('the outcomes of a run', () => {
  async function updates(): Promise<readonly [UpdatableImage, UpdatableImage]> {
    const registry = new FakeRegistry({
      'org/api': { '2.0.0': {}, '2.1.0': {} },
      'org/web': { '1.0.0': {}, '1.1.0': {} },
    })
    const images = managed({
      kustomize: ['org/web:1.0.0', 'org/api:2.0.0'],
      live: ['org/web:1.0.0', 'org/api:2.0.0'],
      rules: { 'image-list': 'web=org/web:1.x,api=org/api:2.x' },
    })
    const [web, api] = (await checkImages(contextOf(registry), images)).filter(isUpdatable)
    if (!web || !api) throw new Error('there are not two updates')
    return [web, api]
  }
  const outcomesOf = ([web, api]: readonly [UpdatableImage, UpdatableImage]): readonly ApplyOutcome[] => [
    { image: web, state: 'applied' },
    { error: new UserError('no'), image: api, state: 'failed' },
  ]
  const events = { group: '', version: 'v1', resource: 'events', namespace: 'argocd' }

  it('are told on the Application, once for each way they ended', async () => {
    const cluster = new FakeCluster()
    const recorder = new EventRecorder(cluster, 'me')
    const options = { at: NOW, author: AUTHOR, dryRun: false }
    expect(await recordOutcomes(recorder, outcomesOf(await updates()), options)).toEqual([])
    const involvedObject = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', name: 'shop' }
    expect(await cluster.list(events)).toMatchObject([
      { involvedObject, message: expect.stringMatching(/^Updated org\/web 1\.0\.0 → 1\.1\.0; by ada/) },
      {
        involvedObject,
        message: expect.stringMatching(/^Could not update org\/api 2\.0\.0 → 2\.1\.0: no; /),
      },
    ])
  })

  it('are not told where nothing was written', async () => {
    const cluster = new FakeCluster()
    const recorder = new EventRecorder(cluster, 'me')
    const [image] = await updates()
    await recordOutcomes(recorder, outcomesOf(await updates()), { at: NOW, author: AUTHOR, dryRun: true })
    const nothing: ApplyOutcome[] = [{ image, reason: 'there already', state: 'unchanged' }]
    await recordOutcomes(recorder, nothing, { at: NOW, author: AUTHOR, dryRun: false })
    expect(await cluster.list(events)).toEqual([])
  })

  it('are no failure where Events may not be written', async () => {
    const cluster = new FakeCluster()
    cluster.refusals.set('events', 403)
    const recorder = new EventRecorder(cluster, 'me')
    const warnings = await recordOutcomes(recorder, outcomesOf(await updates()), {
      at: NOW,
      author: AUTHOR,
      dryRun: false,
    })
    expect(warnings).toEqual(['no Event was written about shop: events is forbidden'])
  })
})
