import { describe, expect, it } from 'vitest'
import { checkImages } from '../../src/lib/engine/check.ts'
import { isUpdatable } from '../../src/lib/engine/checked-image.ts'
import { planApplication, planImage } from '../../src/lib/engine/plan.ts'
import { FakeCluster } from './fake-cluster.ts'
import { digestOf, FakeRegistry } from './fake-registry.ts'
import { type ApplicationText, contextOf, deployment, managed, NOW, pod } from './world.ts'

const NEW = digestOf('new')
const REGISTRY = {
  'org/api': { '2.0.0': {} },
  'org/web': { '1.5.0': {} },
  'org/worker': { production: { digest: NEW } },
}
const WORKER = { 'worker.update-strategy': 'newest-build', 'worker.write-back-method': 'restart' }

async function updates(text: ApplicationText) {
  const cluster = new FakeCluster()
  for (const name of ['worker', 'second', 'web']) {
    cluster.put('deployments', deployment(name, name === 'web' ? 'org/web:1.4.2' : 'org/worker:production'))
    cluster.put('pods', pod(`${name}-1`, 'org/worker:production', digestOf('old')))
  }
  const rows = await checkImages(contextOf(new FakeRegistry(REGISTRY), cluster), managed(text))
  return rows.filter(isUpdatable)
}

describe('planApplication', () => {
  it('makes one patch of several images', async () => {
    const images = await updates({
      kustomize: ['org/web:1.4.2', 'org/other:1', 'org/api:1.0.0'],
      rules: { 'image-list': 'web=org/web, api=org/api' },
    })
    const planned = planApplication(images)
    expect(planned).toHaveLength(1)
    expect(planned[0]?.images).toEqual(images)
    expect(planned[0]?.write.fields.map(({ field, after }) => `${field} ${after}`)).toEqual([
      'spec.source.kustomize.images[0] org/web:1.5.0',
      'spec.source.kustomize.images[2] org/api:2.0.0',
    ])
    expect(planned[0]?.write.operations[0]).toEqual({
      op: 'test',
      path: '/metadata/resourceVersion',
      value: '7',
    })
  })

  it('restarts each workload that runs the image, after the patch of the spec', async () => {
    const images = await updates({
      deployments: ['worker', 'second', 'web'],
      kustomize: ['org/web:1.4.2'],
      live: ['org/worker:production'],
      rules: { 'image-list': 'worker=org/worker, web=org/web', ...WORKER },
    })
    expect(planApplication(images).map(({ write }) => write.summary)).toEqual([
      'set kustomize image',
      'restart deployment/worker',
      'restart deployment/second',
    ])
  })

  it('plans nothing for nothing', () => {
    expect(planApplication([])).toEqual([])
  })
})

describe('planImage', () => {
  it('leaves alone what is no update', async () => {
    const context = contextOf(new FakeRegistry(REGISTRY))
    const images = managed({ kustomize: ['org/web:1.5.0'], rules: { 'image-list': 'web=org/web' } })
    const [row] = await checkImages(context, images)
    if (row?.state !== 'decided') throw new Error('not decided')
    expect(planImage(row, undefined, NOW)).toBe(row)
  })

  it('is blocked where no workload runs the image', async () => {
    const context = contextOf(new FakeRegistry({ 'org/web': { production: { digest: NEW } } }))
    const rules = {
      'image-list': 'web=org/web',
      'web.update-strategy': 'newest-build',
      'web.write-back-method': 'restart',
    }
    const firstSeen = new Map([['argocd/shop/web', digestOf('old')]])
    const images = managed({ live: ['org/web:production'], rules })
    const [row] = await checkImages(context, images, { firstSeen })
    expect(row).toMatchObject({
      decision: { kind: 'blocked', reason: 'Argo CD lists no workload of it yet' },
      writes: [],
    })
  })
})
