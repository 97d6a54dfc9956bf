import { describe, expect, it } from 'vitest'
import type { Application } from '../../src/lib/application/application.ts'
import { refreshWrite, requestRefresh, requestSync, syncWrite } from '../../src/lib/engine/argo-requests.ts'
import { UserError } from '../../src/lib/errors.ts'
import { application } from '../application/applications.ts'
import { applyJsonPatch } from '../application/apply-json-patch.ts'
import { FakeCluster } from './fake-cluster.ts'

const REFRESH = 'argocd.argoproj.io/refresh'

describe('a refresh', () => {
  it.each([
    [undefined, 'normal', { [REFRESH]: 'normal' }],
    [{ other: 'kept' }, 'hard', { other: 'kept', [REFRESH]: 'hard' }],
    [{ [REFRESH]: 'normal' }, 'hard', { [REFRESH]: 'hard' }],
  ] as const)('beside the annotations %j, %s', (annotations, refresh, expected) => {
    const shop = application({}, {}, annotations ? { annotations } : {})
    const after = applyJsonPatch(shop, refreshWrite(shop, refresh).operations)
    expect(after.metadata.annotations).toEqual(expected)
  })
})

describe('a sync', () => {
  const operationOf = (spec: object, request: object = {}) => {
    const shop = application(spec)
    return applyJsonPatch(shop, syncWrite(shop, { reason: '', ...request }).operations)['operation']
  }
  const initiatedBy = { automated: false, username: 'kubectl-image-updater' }
  const hooks = { syncStrategy: { hook: {} } }

  it.each([
    ['plain', {}, {}, { initiatedBy, sync: hooks }],
    [
      'with the options and retries of the policy',
      { syncPolicy: { retry: { limit: 2 }, syncOptions: ['ServerSideApply=true'] } },
      {},
      { initiatedBy, retry: { limit: 2 }, sync: { ...hooks, syncOptions: ['ServerSideApply=true'] } },
    ],
    [
      'with a reason, pruning',
      {},
      { prune: true, reason: 'web 1.4.3' },
      { info: [{ name: 'Reason', value: 'web 1.4.3' }], initiatedBy, sync: { ...hooks, prune: true } },
    ],
  ])('%s', (_, spec, request, expected) => {
    expect(operationOf(spec, request)).toEqual(expected)
  })

  it.each([
    [{ initiatedBy: { username: 'ada' } }, 'another operation is in progress, asked for by ada'],
    [{ initiatedBy: { automated: true } }, "another operation is in progress, Argo CD's own"],
    [{}, 'another operation is in progress'],
  ])('is refused while there is the operation %j', (operation, message) => {
    const shop = { ...application({}), operation } as Application
    expect(() => syncWrite(shop, { reason: '' })).toThrow(UserError)
    expect(() => syncWrite(shop, { reason: '' })).toThrow(message)
  })

  it('is refused for what is being deleted', () => {
    const shop = application({}, {}, { deletionTimestamp: '2026-01-01T00:00:00Z' })
    expect(() => syncWrite(shop, { reason: '' })).toThrow('is being deleted')
  })
})

describe('sent to a cluster', () => {
  const place = (): { cluster: FakeCluster; shop: Application } => {
    const cluster = new FakeCluster()
    const shop = application({})
    cluster.put('applications', shop)
    return { cluster, shop }
  }

  it('a request goes by what is there now, not by what was read', async () => {
    const { cluster, shop } = place()
    let meddling = 2
    cluster.beforePatch = () => {
      meddling -= 1
      if (meddling >= 0) cluster.put('applications', application({}, {}, { annotations: { theirs: 'kept' } }))
    }
    await requestRefresh(cluster, shop, 'normal')
    expect(cluster.at('applications', 'argocd', 'shop')?.metadata.annotations).toEqual({
      theirs: 'kept',
      [REFRESH]: 'normal',
    })
  })

  it('a sync never takes the place of an operation that came first', async () => {
    const { cluster, shop } = place()
    const theirs = { initiatedBy: { username: 'ada' }, sync: {} }
    cluster.beforePatch = () =>
      cluster.put('applications', { ...application({}), operation: theirs } as Application)
    await expect(requestSync(cluster, shop, { reason: '' })).rejects.toThrow('asked for by ada')
    expect(cluster.at('applications', 'argocd', 'shop')).toMatchObject({ operation: theirs })
  })
})
