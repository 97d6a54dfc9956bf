import { describe, expect, it } from 'vitest'
import { EventRecorder, type EventText, eventAbout } from '../../src/lib/cluster/events.ts'
import { FakeCluster } from '../engine/fake-cluster.ts'

const AT = new Date('2026-03-01T12:00:00.120Z')
const shop = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop', namespace: 'argocd', resourceVersion: '7', uid: 'u1' },
}
const text = (message = 'web 1.0 → 1.1'): EventText => ({
  action: 'UpdateImages',
  annotations: { a: 'b' },
  message,
  reason: 'ImagesUpdated',
  type: 'Normal',
})

describe('an Event', () => {
  it('is about the object, beside it, and says who reports', () => {
    expect(eventAbout(shop, text(), AT, 'ada@laptop')).toEqual({
      action: 'UpdateImages',
      apiVersion: 'v1',
      count: 1,
      eventTime: '2026-03-01T12:00:00.120000Z',
      firstTimestamp: '2026-03-01T12:00:00Z',
      involvedObject: {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        name: 'shop',
        namespace: 'argocd',
        resourceVersion: '7',
        uid: 'u1',
      },
      kind: 'Event',
      lastTimestamp: '2026-03-01T12:00:00Z',
      message: 'web 1.0 → 1.1',
      metadata: { annotations: { a: 'b' }, generateName: 'shop.', name: '', namespace: 'argocd' },
      reason: 'ImagesUpdated',
      reportingComponent: 'kubectl-image-updater',
      reportingInstance: 'ada@laptop',
      source: { component: 'kubectl-image-updater' },
      type: 'Normal',
    })
  })

  it.each([
    ['a\u001b[31mb\nc\u202e', 'a [31mb c '],
    ['x'.repeat(1024), 'x'.repeat(1024)],
    ['ü'.repeat(513), `${'ü'.repeat(510)}…`],
    [`${'x'.repeat(1020)}😀😀`, `${'x'.repeat(1020)}…`],
  ])('holds %j in the bytes there are', (message, expected) => {
    const { message: written } = eventAbout(shop, text(message), AT, '')
    expect(written).toBe(expected)
    expect(Buffer.byteLength(String(written))).toBeLessThanOrEqual(1024)
  })
})

describe('a recorder', () => {
  it('writes', async () => {
    const cluster = new FakeCluster()
    expect(await new EventRecorder(cluster, 'me').record(shop, text(), AT)).toBe('')
    const path = { group: '', version: 'v1', resource: 'events', namespace: 'argocd' }
    expect(await cluster.list(path)).toMatchObject([{ reason: 'ImagesUpdated' }])
  })

  it('warns once where it may not, and does not try again', async () => {
    const cluster = new FakeCluster()
    cluster.refusals.set('events', 403)
    const recorder = new EventRecorder(cluster, 'me')
    expect(await recorder.record(shop, text(), AT)).toBe(
      'no Event was written about shop: events is forbidden',
    )
    cluster.refusals.clear()
    expect(await recorder.record(shop, text(), AT)).toBe('')
    expect(await cluster.list({ group: '', version: 'v1', resource: 'events' })).toEqual([])
  })

  it('warns once of the same trouble, and tries again', async () => {
    const cluster = new FakeCluster()
    cluster.refusals.set('events', 500)
    const recorder = new EventRecorder(cluster, 'me')
    expect(await recorder.record(shop, text(), AT)).not.toBe('')
    expect(await recorder.record(shop, text(), AT)).toBe('')
    cluster.refusals.clear()
    await recorder.record(shop, text(), AT)
    expect(await cluster.list({ group: '', version: 'v1', resource: 'events' })).toHaveLength(1)
  })
})
