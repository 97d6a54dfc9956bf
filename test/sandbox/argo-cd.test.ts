import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Json, type JsonObject, listAt, objectAt, textAt, valueAt } from '../../src/lib/sandbox/json.ts'
import { type Sandbox, startSandbox } from '../../src/lib/sandbox/sandbox.ts'
import { ApiClient } from './api-client.ts'
import { APPLICATIONS, deployment } from './objects.ts'

let sandbox: Sandbox
let api: ApiClient
const failures: unknown[] = []

beforeAll(async () => {
  sandbox = await startSandbox({ onError: (error) => failures.push(error) })
  api = new ApiClient(sandbox.apiServer)
})
afterAll(async () => {
  await api.close()
  await sandbox.close()
  expect(failures).toEqual([])
})

const get = async (name: string): Promise<JsonObject> => (await api.get(`${APPLICATIONS}/${name}`)).body
const patch = async (name: string, change: JsonObject): Promise<void> => {
  const { code } = await api.patch(`${APPLICATIONS}/${name}`, 'merge', change)
  expect(code).toBe(200)
  await sandbox.settle()
}
const images = (...tags: string[]): Json => tags.map((tag) => `${sandbox.registryHost}/shop/web:${tag}`)

/** A copy of the shop that lives in a namespace of its own. */
async function copyShop(name: string, spec: JsonObject): Promise<void> {
  await api.post('/api/v1/namespaces', { metadata: { name } })
  const shop = objectAt(await get('shop'), 'spec')
  const destination = { ...objectAt(shop, 'destination'), namespace: name }
  await api.post(APPLICATIONS, { metadata: { name }, spec: { ...shop, destination, ...spec } })
  await sandbox.settle()
}

describe('an Application that is not synced by itself', () => {
  it.each([
    ['without automated', {}],
    ['with automated turned off', { automated: { enabled: false } }],
  ])('waits for an operation, %s', async (_, syncPolicy) => {
    const name = `manual-${Object.keys(syncPolicy).length}`
    await copyShop(name, { syncPolicy: null })
    await patch(name, { spec: { syncPolicy } })
    expect(await get(name)).toMatchObject({
      status: { sync: { status: 'OutOfSync' }, health: { status: 'Missing' } },
    })

    const operation = { initiatedBy: { username: 'me' }, sync: { syncStrategy: { hook: {} } } }
    await patch(name, { operation })
    const synced = await get(name)
    expect(synced).not.toHaveProperty('operation')
    expect(synced['status']).toMatchObject({
      sync: { status: 'Synced' },
      health: { status: 'Healthy' },
      operationState: { phase: 'Succeeded', operation },
      history: [{ id: 0, initiatedBy: { username: 'me' } }],
    })

    await patch(name, { spec: { source: { kustomize: { images: images('1.4.3') } } } })
    expect(valueAt(await get(name), 'status', 'sync', 'status')).toBe('OutOfSync')
  })

  it('has the operation taken away when it failed', async () => {
    await copyShop('homeless', { syncPolicy: null })
    await patch('homeless', { spec: { destination: { namespace: 'nowhere' } } })
    await patch('homeless', { operation: { sync: {} } })
    const failed = await get('homeless')
    expect(failed).not.toHaveProperty('operation')
    expect(valueAt(failed, 'status', 'operationState', 'phase')).toBe('Failed')
  })
})

describe('a refresh', () => {
  it('takes the annotation away and notes that it compared', async () => {
    const note = { reconciledAt: '2020-01-01T00:00:00Z' }
    await patch('legacy', { status: note })
    await patch('legacy', { metadata: { annotations: { 'argocd.argoproj.io/refresh': 'hard' } } })
    const legacy = await get('legacy')
    expect(valueAt(legacy, 'metadata', 'annotations', 'argocd.argoproj.io/refresh')).toBeUndefined()
    expect(textAt(legacy, 'status', 'reconciledAt') > note.reconciledAt).toBe(true)
  })
})

describe('the history', () => {
  const overrides = async () =>
    listAt(await get('shop'), 'status', 'history').map((entry) => [
      valueAt(entry, 'id'),
      valueAt(entry, 'source', 'kustomize', 'images', 0),
    ])

  it('keeps what each sync deployed, as many as the Application says', async () => {
    await patch('shop', { spec: { source: { kustomize: { images: images('1.4.3') } } } })
    expect((await overrides()).at(-1)).toEqual([1, `${sandbox.registryHost}/shop/web:1.4.3`])
    await patch('shop', { spec: { revisionHistoryLimit: 2 } })
    await patch('shop', { spec: { source: { kustomize: { images: images('1.5.0') } } } })
    expect((await overrides()).map(([id]) => id)).toEqual([1, 2])
  })

  it('keeps ten where it says nothing, and none for 0', async () => {
    await patch('shop', { spec: { revisionHistoryLimit: null } })
    for (let turn = 0; turn < 6; turn += 1) {
      for (const tag of ['1.4.3', '1.5.0']) {
        await patch('shop', { spec: { source: { kustomize: { images: images(tag) } } } })
      }
    }
    expect((await overrides()).map(([id]) => id)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
    await patch('shop', {
      spec: { revisionHistoryLimit: 0, source: { kustomize: { images: images('1.4.3') } } },
    })
    expect(await overrides()).toEqual([])
  })
})

describe('an image that does not work', () => {
  const degraded = async (name: string): Promise<JsonObject> => {
    for await (const { object } of api.watch(
      `${APPLICATIONS}?watch=true&fieldSelector=metadata.name=${name}`,
    )) {
      if (valueAt(object, 'status', 'health', 'status') === 'Degraded') return object as JsonObject
    }
    throw new Error('the watch has ended')
  }

  it.each([
    ['is in no registry', 'missing', 'ImagePullBackOff'],
    ['crashes, as its tag says', '1.6.0-broken', 'CrashLoopBackOff'],
  ])('degrades the Application once its deadline has passed: it %s', async (_, tag, reason) => {
    const name = `fails-${tag.replaceAll('.', '-')}`
    if (tag !== 'missing') sandbox.push('shop/web', tag)
    await copyShop(name, {})
    await api.patch(`/apis/apps/v1/namespaces/${name}/deployments/web`, 'merge', {
      spec: { progressDeadlineSeconds: 1 },
    })
    await patch(name, { spec: { source: { kustomize: { images: images(tag) } } } })
    const { status } = await degraded(name)
    expect(status).toMatchObject({ sync: { status: 'Synced' } })
    expect(listAt(status, 'resources')).toContainEqual(
      expect.objectContaining({
        health: { status: 'Degraded', message: 'Deployment "web" exceeded its progress deadline' },
      }),
    )
    const pods = listAt((await api.get(`/api/v1/namespaces/${name}/pods`)).body, 'items')
    const reasons = pods.map((pod) =>
      textAt(pod, 'status', 'containerStatuses', 0, 'state', 'waiting', 'reason'),
    )
    expect(reasons).toContain(reason)

    await patch(name, { spec: { source: { kustomize: { images: images('1.5.0') } } } })
    expect(valueAt(await get(name), 'status', 'health', 'status')).toBe('Healthy')
  })
})

it('a Rollout past its deadline reports the phase Degraded', async () => {
  await api.post('/api/v1/namespaces', { metadata: { name: 'canary' } })
  const rollouts = '/apis/argoproj.io/v1alpha1/namespaces/canary/rollouts'
  const { apiVersion: _none, ...canary } = deployment('canary', `${sandbox.registryHost}/shop/web:missing`)
  const spec = { ...objectAt(canary, 'spec'), progressDeadlineSeconds: 1 }
  await api.post(rollouts, { ...canary, kind: 'Rollout', spec })
  for await (const { object } of api.watch(`${rollouts}?watch=true`)) {
    if (textAt(object, 'status', 'phase') !== 'Degraded') continue
    expect(listAt(object, 'status', 'conditions')).toContainEqual(
      expect.objectContaining({ reason: 'ProgressDeadlineExceeded', status: 'False' }),
    )
    return
  }
})
