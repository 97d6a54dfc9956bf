import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiServer, startApiServer } from '../../src/lib/sandbox/api-server.ts'
import type { JsonObject } from '../../src/lib/sandbox/json.ts'
import { ApiClient, type Reply } from './api-client.ts'
import { namespace } from './objects.ts'

let server: ApiServer
let api: ApiClient
beforeAll(async () => {
  server = await startApiServer()
  api = new ApiClient(server)
  await api.post('/api/v1/namespaces', namespace('argocd'))
})
afterAll(async () => {
  await api.close()
  await server.close()
})

const causes = ({ body }: Reply) => body['message']

describe('Events are refused as a kube-apiserver refuses them', () => {
  const event = (fields: JsonObject): JsonObject => ({
    metadata: { generateName: 'shop-' },
    involvedObject: { kind: 'Application', namespace: 'argocd', name: 'shop' },
    reason: 'ImagesUpdated',
    type: 'Normal',
    ...fields,
  })
  const full = {
    eventTime: '2026-01-01T00:00:00.000000Z',
    reportingComponent: 'updater',
    reportingInstance: 'me',
    action: 'Update',
  }
  const post = (object: JsonObject) => api.post('/api/v1/namespaces/argocd/events', object)

  it('taking those of the old kind and of the new', async () => {
    expect((await post(event({}))).code).toBe(201)
    expect((await post(event({ ...full, message: 'x'.repeat(1024) }))).code).toBe(201)
  })

  it.each([
    ['another namespace', { involvedObject: { namespace: 'shop' } }, 'does not match event.namespace'],
    ['no reporter', { eventTime: full.eventTime }, 'reportingComponent: Required value'],
    ['no action', { ...full, action: '' }, 'action: Required value'],
    ['too long a message', { ...full, message: 'ü'.repeat(513) }, 'can have at most 1024 characters'],
    ['a time without microseconds', { ...full, eventTime: '2026-01-01T00:00:00Z' }, 'parsing time'],
  ])('%s', async (_, fields, expected) => {
    expect(causes(await post(event(fields)))).toContain(expected)
  })
})

describe('Leases', () => {
  const leases = '/apis/coordination.k8s.io/v1/namespaces/argocd/leases'
  const lease = (name: string, spec: JsonObject, metadata: JsonObject = {}): JsonObject => ({
    metadata: { name, ...metadata },
    spec,
  })

  it('are replaced only by who knows their version', async () => {
    const { body } = await api.post(leases, lease('turn', { holderIdentity: 'a' }))
    const put = (version: JsonObject) =>
      api.send('PUT', `${leases}/turn`, lease('turn', { holderIdentity: 'b' }, version))
    expect(causes(await put({}))).toContain('metadata.resourceVersion: Invalid value: 0x0')
    const { resourceVersion } = body['metadata'] as { resourceVersion: string }
    expect((await put({ resourceVersion })).code).toBe(200)
    expect((await put({ resourceVersion })).code).toBe(409)
  })

  it.each([
    [{ leaseDurationSeconds: 0 }, 422, 'must be greater than 0'],
    [{ renewTime: '2026-01-01T00:00:00.123Z' }, 400, 'parsing time'],
  ])('refuse %j', async (spec, code, message) => {
    const refused = await api.post(leases, lease('bad', spec))
    expect(refused.code).toBe(code)
    expect(causes(refused)).toContain(message)
  })
})
