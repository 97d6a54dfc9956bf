import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { applyJsonPatch } from '../../src/lib/sandbox/api/json-patch.ts'
import { applyMergePatch } from '../../src/lib/sandbox/api/merge-patch.ts'
import type { ApiStatusError } from '../../src/lib/sandbox/api/status.ts'
import { applyStrategicMergePatch } from '../../src/lib/sandbox/api/strategic-merge-patch.ts'
import { type ApiServer, startApiServer } from '../../src/lib/sandbox/api-server.ts'
import { type Json, type JsonObject, listAt, objectAt, textAt, valueAt } from '../../src/lib/sandbox/json.ts'
import { ApiClient } from './api-client.ts'
import { APPLICATIONS, application, DEPLOYMENTS, deployment, namespace } from './objects.ts'

describe('JSON Patch', () => {
  const target: JsonObject = { list: ['a', 'b'], map: { 'x/y~z': 1 }, text: 'old' }
  it.each([
    ['adds a member', [{ op: 'add', path: '/new', value: 1 }], { ...target, new: 1 }],
    [
      'adds before an index',
      [{ op: 'add', path: '/list/1', value: 'n' }],
      { ...target, list: ['a', 'n', 'b'] },
    ],
    ['adds at the end', [{ op: 'add', path: '/list/-', value: 'n' }], { ...target, list: ['a', 'b', 'n'] }],
    ['replaces', [{ op: 'replace', path: '/list/0', value: 'n' }], { ...target, list: ['n', 'b'] }],
    ['removes by an escaped name', [{ op: 'remove', path: '/map/x~1y~0z' }], { ...target, map: {} }],
    [
      'moves',
      [{ op: 'move', from: '/text', path: '/moved' }],
      { list: ['a', 'b'], map: target['map'], moved: 'old' },
    ],
    ['copies', [{ op: 'copy', from: '/text', path: '/map/t' }], { ...target, map: { 'x/y~z': 1, t: 'old' } }],
    [
      'goes on after a test that holds',
      [
        { op: 'test', path: '/map', value: { 'x/y~z': 1 } },
        { op: 'remove', path: '/text' },
      ],
      { list: ['a', 'b'], map: target['map'] },
    ],
    ['takes null for what is missing in a test', [{ op: 'test', path: '/none', value: null }], target],
  ] as [string, Json, JsonObject][])('%s', (_, patch, expected) => {
    expect(applyJsonPatch(target, patch)).toEqual(expected)
  })

  it.each([
    ['a test that fails', [{ op: 'test', path: '/text', value: 'new' }]],
    ['a member that is missing', [{ op: 'remove', path: '/none' }]],
    ['a replacement of what is missing', [{ op: 'replace', path: '/none', value: 1 }]],
    ['an index beyond the end', [{ op: 'add', path: '/list/3', value: 1 }]],
    ['an index that is none', [{ op: 'replace', path: '/list/01', value: 1 }]],
    ['a parent that is missing', [{ op: 'add', path: '/none/a', value: 1 }]],
    ['an unknown operation', [{ op: 'merge', path: '/text', value: 1 }]],
  ] as [string, Json][])('refuses %s with 422 and changes nothing', (_, patch) => {
    const before = structuredClone(target)
    expect(() => applyJsonPatch(target, patch)).toThrow(
      expect.objectContaining({ code: 422, reason: 'Invalid' }) as ApiStatusError,
    )
    expect(target).toEqual(before)
  })

  it('takes __proto__ for a name like any other', () => {
    const patched = applyJsonPatch({}, [{ op: 'add', path: '/__proto__', value: { polluted: true } }])
    expect(Object.keys(patched)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('merge patch', () => {
  // The examples of RFC 7386, appendix A, as far as both sides are objects.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ] as [JsonObject, JsonObject, JsonObject][])('%j with %j is %j', (target, patch, expected) => {
    expect(applyMergePatch(target, patch)).toEqual(expected)
  })
})

describe('strategic merge patch', () => {
  const pod: JsonObject = {
    containers: [
      { name: 'a', image: 'a:1', env: [{ name: 'X', value: '1' }], args: ['one', 'two'] },
      { name: 'b', image: 'b:1' },
    ],
    volumes: [{ name: 'v', emptyDir: {} }],
    finalizers: ['x/one'],
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } },
  }
  const change = (patch: JsonObject): JsonObject => applyStrategicMergePatch(pod, patch)

  it('merges containers and their env by name, and replaces plain lists', () => {
    const patched = change({
      containers: [{ name: 'a', image: 'a:2', env: [{ name: 'Y', value: '2' }], args: ['three'] }],
    })
    expect(patched['containers']).toEqual([
      {
        name: 'a',
        image: 'a:2',
        env: [
          { name: 'X', value: '1' },
          { name: 'Y', value: '2' },
        ],
        args: ['three'],
      },
      { name: 'b', image: 'b:1' },
    ])
  })

  it.each([
    [
      '$patch: delete of an item',
      { containers: [{ name: 'a', $patch: 'delete' }] },
      'containers',
      [{ name: 'b', image: 'b:1' }],
    ],
    [
      '$patch: replace of a list',
      { volumes: [{ $patch: 'replace' }, { name: 'w' }] },
      'volumes',
      [{ name: 'w' }],
    ],
    [
      '$patch: replace of a map',
      { strategy: { $patch: 'replace', type: 'Recreate' } },
      'strategy',
      { type: 'Recreate' },
    ],
    [
      '$retainKeys',
      { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
      'strategy',
      { type: 'Recreate' },
    ],
    ['a set that grows', { finalizers: ['x/one', 'x/two'] }, 'finalizers', ['x/one', 'x/two']],
    ['$deleteFromPrimitiveList', { '$deleteFromPrimitiveList/finalizers': ['x/one'] }, 'finalizers', []],
    ['null', { volumes: null }, 'volumes', undefined],
  ] as [string, JsonObject, string, Json | undefined][])('follows %s', (_, patch, field, expected) => {
    expect(change(patch)[field]).toEqual(expected)
  })

  it('puts items into the order of $setElementOrder', () => {
    const patched = change({
      '$setElementOrder/containers': [{ name: 'c' }, { name: 'b' }, { name: 'a' }],
      containers: [{ name: 'c', image: 'c:1' }],
    })
    expect(listAt(patched, 'containers').map((item) => textAt(item, 'name'))).toEqual(['c', 'b', 'a'])
  })

  it('refuses an item without its key and an unknown directive', () => {
    expect(() => change({ containers: [{ image: 'x' }] })).toThrow(
      'does not contain declared merge key: name',
    )
    expect(() => change({ strategy: { $patch: 'invert' } })).toThrow('Unknown patch type: "invert"')
  })
})

describe('over the wire', () => {
  let server: ApiServer
  let api: ApiClient
  beforeAll(async () => {
    server = await startApiServer()
    api = new ApiClient(server)
    for (const name of ['argocd', 'praq']) await api.post('/api/v1/namespaces', namespace(name))
  })
  beforeEach(async () => {
    await api.send('DELETE', `${DEPLOYMENTS}/web`)
    await api.send('DELETE', `${APPLICATIONS}/shop`)
  })
  afterAll(async () => {
    await api.close()
    await server.close()
  })
  const managers = (object: Json): string[] =>
    listAt(object, 'metadata', 'managedFields').map(
      (entry) => `${textAt(entry, 'manager')} ${textAt(entry, 'operation')}`,
    )
  const owned = (object: Json, manager: string): JsonObject =>
    objectAt(
      listAt(object, 'metadata', 'managedFields').find((entry) => textAt(entry, 'manager') === manager),
      'fieldsV1',
    )
  const APP = ['f:spec', 'f:template', 'f:spec', 'f:containers', 'k:{"name":"app"}'] as const

  it('says of a failed test what a kube-apiserver says: next to nothing', async () => {
    await api.post(APPLICATIONS, application('shop'))
    const reply = await api.patch(`${APPLICATIONS}/shop`, 'json', [
      { op: 'test', path: '/spec/source/kustomize/images/0', value: 'web:0.9' },
      { op: 'replace', path: '/spec/source/kustomize/images/0', value: 'web:1.1' },
    ])
    expect(reply).toEqual({
      code: 422,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'the server rejected our request due to an error in our request',
        reason: 'Invalid',
        details: {},
        code: 422,
      },
    })
  })

  it('refuses a patch that states an old resourceVersion', async () => {
    await api.post(APPLICATIONS, application('shop'))
    const patch = { metadata: { resourceVersion: '1' }, spec: { project: 'x' } }
    expect(await api.patch(`${APPLICATIONS}/shop`, 'merge', patch)).toMatchObject({
      code: 409,
      body: { reason: 'Conflict' },
    })
  })

  it('refuses a strategic merge patch of a custom resource', async () => {
    await api.post(APPLICATIONS, application('shop'))
    expect((await api.patch(`${APPLICATIONS}/shop`, 'strategic-merge', {})).body).toMatchObject({
      code: 415,
      reason: 'UnsupportedMediaType',
      message:
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    })
  })

  it('validates what a patch makes', async () => {
    await api.post(APPLICATIONS, application('shop'))
    const reply = await api.patch(`${APPLICATIONS}/shop`, 'json', [{ op: 'remove', path: '/spec/project' }])
    expect(reply.body['message']).toBe(
      'Application.argoproj.io "shop" is invalid: spec.project: Required value',
    )
  })

  it('changes nothing in a dry run', async () => {
    await api.post(DEPLOYMENTS, deployment('web'))
    const patch = { spec: { replicas: 5 } }
    const dry = await api.patch(`${DEPLOYMENTS}/web?dryRun=All`, 'strategic-merge', patch)
    expect(valueAt(dry.body, 'spec', 'replicas')).toBe(5)
    expect(valueAt((await api.get(`${DEPLOYMENTS}/web`)).body, 'spec', 'replicas')).toBe(1)
  })

  it('records who owns which field of a container', async () => {
    await api.post(`${DEPLOYMENTS}?fieldManager=argocd`, deployment('web'))
    const patch = {
      spec: { template: { spec: { containers: [{ name: 'app', imagePullPolicy: 'Always' }] } } },
    }
    const { body } = await api.patch(`${DEPLOYMENTS}/web?fieldManager=updater`, 'strategic-merge', patch)
    expect(managers(body)).toEqual(['argocd Update', 'updater Update'])
    expect(owned(body, 'updater')).toEqual({
      'f:spec': {
        'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"app"}': { 'f:imagePullPolicy': {} } } } },
      },
    })
    expect(Object.keys(objectAt(owned(body, 'argocd'), ...APP))).toEqual(
      expect.arrayContaining(['.', 'f:env', 'f:image', 'f:name', 'f:ports']),
    )
    expect(objectAt(owned(body, 'argocd'), ...APP)).not.toHaveProperty('f:imagePullPolicy')
  })

  it('counts a default among the fields of who created the object, as a kube-apiserver does', async () => {
    const { body } = await api.post(`${DEPLOYMENTS}?fieldManager=argocd`, deployment('web'))
    expect(objectAt(owned(body, 'argocd'), ...APP)).toHaveProperty('f:imagePullPolicy')
  })

  it('nests what is left of a map when others took its members as a kube-apiserver does', async () => {
    await api.post(`${APPLICATIONS}?fieldManager=argocd`, application('shop'))
    const images = [{ op: 'replace', path: '/spec/source/kustomize/images/0', value: 'web:2.0' }]
    const { body } = await api.patch(`${APPLICATIONS}/shop?fieldManager=updater`, 'json', images)
    const source = ['f:spec', 'f:source', 'f:kustomize']
    expect(valueAt(owned(body, 'argocd'), ...source)).toEqual({})
    expect(owned(body, 'updater')).toEqual({
      'f:spec': { 'f:source': { 'f:kustomize': { 'f:images': {} } } },
    })
    const again = await api.patch(`${APPLICATIONS}/shop?fieldManager=updater`, 'merge', {
      spec: { project: 'x' },
    })
    expect(valueAt(owned(again.body, 'argocd'), ...source)).toEqual({})
  })

  it('keeps status and spec of one manager apart', async () => {
    await api.post(`${DEPLOYMENTS}?fieldManager=one`, deployment('web'))
    const status = { status: { replicas: 1 } }
    const { body } = await api.patch(`${DEPLOYMENTS}/web/status?fieldManager=one`, 'merge', status)
    const entries = listAt(body, 'metadata', 'managedFields').map((entry) => textAt(entry, 'subresource'))
    expect(entries).toEqual(['', 'status'])
  })

  describe('server-side apply', () => {
    const apply = (manager: string, configuration: JsonObject, query = '') =>
      api.patch(`${DEPLOYMENTS}/web?fieldManager=${manager}${query}`, 'apply', configuration)

    it('creates, and owns exactly what was applied', async () => {
      const { code, body } = await apply('argocd', deployment('web'))
      expect(code).toBe(201)
      expect(managers(body)).toEqual(['argocd Apply'])
      expect(objectAt(owned(body, 'argocd'), ...APP)).not.toHaveProperty('f:imagePullPolicy')
    })

    it('removes what is applied no longer and leaves what others own', async () => {
      await apply('argocd', deployment('web'))
      await api.patch(`${DEPLOYMENTS}/web?fieldManager=other`, 'merge', {
        metadata: { labels: { theirs: 'yes' } },
      })
      const less = structuredClone(deployment('web'))
      objectAt(less, 'spec', 'template', 'spec', 'containers', 0)['env'] = [{ name: 'A', value: '1' }]
      const { code, body } = await apply('argocd', less)
      expect(code).toBe(200)
      expect(valueAt(body, 'spec', 'template', 'spec', 'containers', 0, 'env')).toEqual([
        { name: 'A', value: '1' },
      ])
      expect(valueAt(body, 'metadata', 'labels')).toEqual({ theirs: 'yes' })
    })

    it('refuses to take a field from another manager, unless forced', async () => {
      await api.post(`${DEPLOYMENTS}?fieldManager=hand`, deployment('web', 'web:1'))
      const refused = await apply('argocd', deployment('web', 'web:2'))
      expect(refused.body).toMatchObject({
        code: 409,
        reason: 'Conflict',
        message:
          'Apply failed with 1 conflict: conflict with "hand" using apps/v1: .spec.template.spec.containers[name="app"].image',
      })
      const forced = await apply('argocd', deployment('web', 'web:2'), '&force=true')
      expect(forced.code).toBe(200)
      expect(objectAt(owned(forced.body, 'hand'), ...APP)).not.toHaveProperty('f:image')
    })
  })
})
