import { describe, expect, it } from 'vitest'
import { CHANGE_RECORD, type ChangeEntry, readChangeRecord } from '../../src/lib/application/change-record.ts'
import type { KubernetesObject } from '../../src/lib/application/kubernetes-object.ts'
import { parseImageReference } from '../../src/lib/image/reference.ts'
import { annotationWrite } from '../../src/lib/writeback/annotation-write.ts'
import { applicationWrite } from '../../src/lib/writeback/application-write.ts'
import { applyWrite } from '../../src/lib/writeback/apply.ts'
import { joinedWrite } from '../../src/lib/writeback/joined-write.ts'
import { recordWrite } from '../../src/lib/writeback/record-write.ts'
import type { ObjectWrite } from '../../src/lib/writeback/write.ts'
import { singleSource } from '../application/applications.ts'
import { OneObjectCluster, withNextVersion } from './one-object-cluster.ts'

const HOLD = 'argocd-image-updater.argoproj.io/web.hold'
const shop = singleSource('Kustomize', { kustomize: { images: ['org/web:1'] } })
const ENTRY: ChangeEntry = {
  at: '2026-03-01T12:00:00.000Z',
  by: 'ann',
  digest: '',
  from: '1',
  how: 'set',
  image: 'web',
  reason: '',
  to: '2',
}
const write: ObjectWrite = {
  ...(applicationWrite(shop, [{ image: parseImageReference('org/web:2'), targets: {} }]) as ObjectWrite),
  record: [ENTRY],
}

const annotated = (object: KubernetesObject, annotations: Record<string, string>) =>
  withNextVersion({
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations } },
  })

/** Does it before the first patch only. */
function onceBefore(cluster: OneObjectCluster, change: (object: KubernetesObject) => KubernetesObject): void {
  cluster.meddle = (object) => {
    cluster.meddle = (other) => other
    return change(object)
  }
}

const numbers = (object: KubernetesObject | undefined) =>
  object && readChangeRecord(object).entries.map(({ by, number }) => `${number} ${by}`)

describe('a change and its record', () => {
  it('are one patch', async () => {
    const cluster = new OneObjectCluster(shop)
    await applyWrite(cluster, write, { dryRun: 'none' })
    expect(cluster.sent).toHaveLength(1)
    expect(numbers(cluster.object)).toEqual(['1 ann'])
  })

  it("keep a colleague's entry that came in between", async () => {
    const cluster = new OneObjectCluster(shop)
    const theirs = JSON.stringify([{ ...ENTRY, by: 'bob', number: 4 }])
    onceBefore(cluster, (object) => annotated(object, { [CHANGE_RECORD]: theirs }))
    expect((await applyWrite(cluster, write, { dryRun: 'none' })).status).toBe('applied')
    expect(numbers(cluster.object)).toEqual(['4 bob', '5 ann'])
  })

  it("are refused together for a colleague's hold", async () => {
    const cluster = new OneObjectCluster(shop)
    onceBefore(cluster, (object) => annotated(object, { [HOLD]: 'true' }))
    await expect(applyWrite(cluster, write, { dryRun: 'none' })).rejects.toThrow('web.hold] absent → true')
    expect(numbers(cluster.object)).toEqual([])
  })

  it('are not noted twice where somebody did the same in between', async () => {
    const cluster = new OneObjectCluster(shop)
    const other = new OneObjectCluster(shop)
    await applyWrite(other, { ...write, record: [{ ...ENTRY, by: 'bob' }] }, { dryRun: 'none' })
    onceBefore(cluster, () => withNextVersion(other.object as KubernetesObject))
    expect((await applyWrite(cluster, write, { dryRun: 'none' })).status).toBe('unchanged')
    expect(numbers(cluster.object)).toEqual(['1 bob'])
  })

  it('a note of its own is written whatever else has changed', async () => {
    const cluster = new OneObjectCluster(shop)
    onceBefore(cluster, (object) => annotated(object, { [HOLD]: 'true' }))
    const note = recordWrite(shop, [ENTRY])
    expect((await applyWrite(cluster, note, { dryRun: 'none' })).status).toBe('applied')
    expect(numbers(cluster.object)).toEqual(['1 ann'])
    expect(cluster.object?.metadata.annotations?.[HOLD]).toBe('true')
  })
})

describe('several writes of one object', () => {
  const hold = annotationWrite(shop, { remove: [], set: { [HOLD]: 'true' } })

  it('become one patch that tests the version once', async () => {
    const joined = joinedWrite([write, undefined, hold]) as ObjectWrite
    const tests = joined.operations.filter(({ op }) => op === 'test').map(({ path }) => path)
    expect(tests).toEqual([...new Set(tests)])
    expect(joined.fields.map(({ field }) => field)).toContain(`metadata.annotations[${HOLD}]`)
    const cluster = new OneObjectCluster(shop)
    await applyWrite(cluster, joined, { dryRun: 'none' })
    expect(cluster.sent).toHaveLength(1)
    expect(numbers(cluster.object)).toEqual(['1 ann'])
    expect(cluster.object?.metadata.annotations?.[HOLD]).toBe('true')
  })

  it('keep annotations that somebody else was the first to write', async () => {
    const cluster = new OneObjectCluster(shop)
    onceBefore(cluster, (object) => annotated(object, { 'argocd.argoproj.io/refresh': 'normal' }))
    await applyWrite(cluster, joinedWrite([write, hold]) as ObjectWrite, { dryRun: 'none' })
    expect(cluster.object?.metadata.annotations).toMatchObject({
      'argocd.argoproj.io/refresh': 'normal',
      [HOLD]: 'true',
    })
  })

  it('of which there is none are none', () => {
    expect(joinedWrite([undefined])).toBeUndefined()
    expect(joinedWrite([hold])).toBe(hold)
  })
})
