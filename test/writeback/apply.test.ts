import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import type { KubernetesObject } from '../../src/lib/application/kubernetes-object.ts'
import { ClusterError } from '../../src/lib/cluster/client.ts'
import { parseImageReference } from '../../src/lib/image/reference.ts'
import { applicationWrite } from '../../src/lib/writeback/application-write.ts'
import { applyWrite, WriteBarred, WriteConflict } from '../../src/lib/writeback/apply.ts'
import type { ObjectWrite } from '../../src/lib/writeback/write.ts'
import { singleSource } from '../application/applications.ts'
import { OneObjectCluster, withNextVersion } from './one-object-cluster.ts'

const shop = singleSource('Kustomize', { targetRevision: 'main', kustomize: { images: ['org/web:1'] } })
const REJECTED = 'the server rejected our request due to an error in our request'
const write = applicationWrite(shop, [
  { image: parseImageReference('org/web:2'), targets: {} },
]) as ObjectWrite

function imagesIn(object: KubernetesObject | undefined): readonly string[] | undefined {
  return (object as Application | undefined)?.spec.source?.kustomize?.images
}

/** Somebody changes fields of spec.source. */
function edited(object: KubernetesObject, source: object): KubernetesObject {
  const { spec } = object as Application
  return withNextVersion(object, { spec: { ...spec, source: { ...spec.source, ...source } } })
}

function annotated(object: KubernetesObject, annotations: Record<string, string>): KubernetesObject {
  return withNextVersion({ ...object, metadata: { ...object.metadata, annotations } })
}

/** Does something the first time only. */
function once(change: (object: KubernetesObject) => KubernetesObject | undefined) {
  let done = false
  return (object: KubernetesObject) => {
    if (done) return object
    done = true
    return change(object)
  }
}

describe('applyWrite', () => {
  it('writes, and gives what the cluster answered', async () => {
    const cluster = new OneObjectCluster(shop)
    const outcome = await applyWrite(cluster, write, { dryRun: 'none' })
    expect(outcome.status).toBe('applied')
    expect(imagesIn(cluster.object)).toEqual(['org/web:2'])
    expect(cluster.sent[0]?.options).toEqual({ dryRun: false, fieldManager: 'kubectl-image-updater' })
  })

  it('asks before each request whether it may still be written', async () => {
    const cluster = new OneObjectCluster(shop)
    let turns = 1
    cluster.meddle = (object) => annotated(object, { status: 'written by a controller' })
    const barrier = () => (turns-- > 0 ? '' : 'bob has the lease')
    await expect(applyWrite(cluster, write, { barrier, dryRun: 'none' })).rejects.toThrow(
      new WriteBarred('bob has the lease'),
    )
    expect(cluster.sent).toHaveLength(1)
    expect(imagesIn(cluster.object)).toEqual(['org/web:1'])
  })

  it('asks nobody in a dry run by the client', async () => {
    const cluster = new OneObjectCluster(shop)
    expect(await applyWrite(cluster, write, { dryRun: 'client' })).toEqual({ status: 'dry-run' })
    expect(cluster.sent).toEqual([])
  })

  it('writes nothing in a dry run by the server', async () => {
    const cluster = new OneObjectCluster(shop)
    const outcome = await applyWrite(cluster, write, { dryRun: 'server' })
    expect(outcome.status).toBe('dry-run')
    expect(cluster.sent[0]?.options.dryRun).toBe(true)
    expect(imagesIn(cluster.object)).toEqual(['org/web:1'])
  })

  it.each([
    [
      'a controller wrote the status',
      (object: KubernetesObject) => withNextVersion(object, { status: { sync: {} } }),
    ],
    [
      'a refresh was asked for',
      (object: KubernetesObject) => annotated(object, { 'argocd.argoproj.io/refresh': 'hard' }),
    ],
  ])('writes again where only %s meanwhile', async (_name, change) => {
    const cluster = new OneObjectCluster(shop)
    cluster.meddle = once(change)
    const outcome = await applyWrite(cluster, write, { dryRun: 'none' })
    expect(outcome.status).toBe('applied')
    expect(cluster.sent).toHaveLength(2)
    expect(cluster.sent[1]?.operations[0]).toEqual({
      op: 'test',
      path: '/metadata/resourceVersion',
      value: '8',
    })
    expect(imagesIn(cluster.object)).toEqual(['org/web:2'])
  })

  it.each([
    [
      'spec.source.targetRevision main → v2',
      (object: KubernetesObject) => edited(object, { targetRevision: 'v2' }),
    ],
    [
      'spec.source.kustomize.images[0] org/web:1 → org/web:1.1',
      (object: KubernetesObject) => edited(object, { kustomize: { images: ['org/web:1.1'] } }),
    ],
    [
      'metadata.annotations[argocd-image-updater.argoproj.io/web.hold] absent → true',
      (object: KubernetesObject) =>
        annotated(object, { 'argocd-image-updater.argoproj.io/web.hold': 'true' }),
    ],
    [
      'it is being deleted',
      (object: KubernetesObject) =>
        withNextVersion({ ...object, metadata: { ...object.metadata, deletionTimestamp: 'now' } }),
    ],
    [
      'it was deleted and created again',
      (object: KubernetesObject) =>
        withNextVersion({ ...object, metadata: { ...object.metadata, uid: 'u2' } }),
    ],
    [
      'spec.source.a absent → 1, spec.source.b absent → 2, spec.source.c absent → 3 and 1 more',
      (object: KubernetesObject) => edited(object, { a: 1, b: 2, c: 3, d: 4 }),
    ],
  ])('refuses where %s meanwhile', async (what, change) => {
    const cluster = new OneObjectCluster(shop)
    cluster.meddle = once(change)
    const refusal = await applyWrite(cluster, write, { dryRun: 'none' }).catch((error) => error)
    expect(refusal).toBeInstanceOf(WriteConflict)
    expect(refusal.message).toBe(
      `application "shop" changed while you decided (${what}): nothing was written`,
    )
    expect(imagesIn(cluster.object)).not.toContain('org/web:2')
  })

  it('is content where somebody has written the same', async () => {
    const cluster = new OneObjectCluster(shop)
    cluster.meddle = once((object) => edited(object, { kustomize: { images: ['org/web:2'] } }))
    expect(await applyWrite(cluster, write, { dryRun: 'none' })).toMatchObject({ status: 'unchanged' })
  })

  it('finds an image that somebody has appended already', async () => {
    const app = singleSource('Kustomize', { kustomize: { images: ['a:1'] } })
    const append = applicationWrite(app, [
      { image: parseImageReference('org/web:2'), targets: {} },
    ]) as ObjectWrite
    const cluster = new OneObjectCluster(app)
    cluster.meddle = once((object) => edited(object, { kustomize: { images: ['a:1', 'org/web:2'] } }))
    expect(await applyWrite(cluster, append, { dryRun: 'none' })).toMatchObject({ status: 'unchanged' })
    expect(imagesIn(cluster.object)).toEqual(['a:1', 'org/web:2'])
  })

  it('gives up after five times where others keep writing', async () => {
    const cluster = new OneObjectCluster(shop)
    cluster.meddle = (object) => withNextVersion(object)
    await expect(applyWrite(cluster, write, { dryRun: 'none' })).rejects.toThrow(
      'application "shop" changed while you decided (others wrote it 5 times in a row): nothing was written',
    )
    expect(cluster.sent).toHaveLength(5)
  })

  it.each([
    ['before the patch', undefined, (object: KubernetesObject) => object],
    ['as the patch arrives', shop, () => undefined],
  ])('tells that the object was deleted %s', async (_name, object, meddle) => {
    const cluster = new OneObjectCluster(object)
    cluster.meddle = meddle
    expect(await applyWrite(cluster, write, { dryRun: 'none' })).toEqual({ status: 'gone' })
  })

  it('tells that the object was deleted after the patch was refused', async () => {
    const cluster = new OneObjectCluster(withNextVersion(shop))
    const patch = cluster.jsonPatch.bind(cluster)
    cluster.jsonPatch = async (...request) => {
      try {
        return await patch(...request)
      } finally {
        cluster.object = undefined
      }
    }
    expect(await applyWrite(cluster, write, { dryRun: 'none' })).toEqual({ status: 'gone' })
  })

  it.each([
    ['the API server does not accept', new ClusterError('spec is invalid', 422, 'Invalid')],
    ['the API server rejects for another reason than a test', new ClusterError(REJECTED, 422, 'Invalid')],
    ['is for a type that does not exist', new ClusterError('no such type', 404, 'NoSuchResourceType')],
    ['may not be made', new ClusterError('forbidden', 403, 'Forbidden')],
    ['got no answer', new ClusterError('no answer', 0, 'Unreachable')],
  ])('passes on the error of a patch that %s, and sends it once', async (_name, error) => {
    const cluster = new OneObjectCluster(shop)
    let sent = 0
    cluster.jsonPatch = async () => {
      sent += 1
      throw error
    }
    await expect(applyWrite(cluster, write, { dryRun: 'none' })).rejects.toBe(error)
    expect(sent).toBe(1)
  })
})
