import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiServer, startApiServer } from '../../src/lib/sandbox/api-server.ts'
import type { Json } from '../../src/lib/sandbox/json.ts'
import { listAt, objectAt, textAt, valueAt } from '../../src/lib/sandbox/json.ts'
import { ApiClient, take } from './api-client.ts'
import { APPLICATIONS, application, DEPLOYMENTS, deployment, namespace } from './objects.ts'

let server: ApiServer
let api: ApiClient

beforeAll(async () => {
  server = await startApiServer({
    authorize: ({ resource, verb }) => !(resource === 'secrets' && verb === 'list'),
  })
  api = new ApiClient(server)
  for (const name of ['argocd', 'praq', 'paged']) await api.post('/api/v1/namespaces', namespace(name))
})
afterAll(async () => {
  await api.close()
  await server.close()
})

describe('discovery', () => {
  it.each([
    ['/version', 'gitVersion', 'v1.32.0-sandbox'],
    ['/api', 'kind', 'APIVersions'],
    ['/apis', 'kind', 'APIGroupList'],
    ['/api/v1', 'groupVersion', 'v1'],
    ['/apis/apps/v1', 'groupVersion', 'apps/v1'],
    ['/apis/argoproj.io/v1alpha1', 'groupVersion', 'argoproj.io/v1alpha1'],
    ['/openapi/v3/apis/apps/v1', 'openapi', '3.0.0'],
  ])('%s answers', async (path, field, value) => {
    const { code, body } = await api.get(path)
    expect(code).toBe(200)
    expect(body[field]).toBe(value)
  })

  it('lists applications without a status subresource, as their CRD has none', async () => {
    const { body } = await api.get('/apis/argoproj.io/v1alpha1')
    const names = listAt(body, 'resources').map((resource) => textAt(resource, 'name'))
    expect(names).toContain('applications')
    expect(names).not.toContain('applications/status')
    expect(names).toContain('rollouts/status')
  })
})

describe('refusals', () => {
  const spec = { project: 'default', destination: { namespace: 'praq' } }
  it.each([
    [
      'an unknown object',
      'GET',
      `${APPLICATIONS}/x`,
      undefined,
      404,
      'applications.argoproj.io "x" not found',
    ],
    ['an unknown core object', 'GET', '/api/v1/namespaces/praq/pods/x', undefined, 404, 'pods "x" not found'],
    [
      'an unknown resource',
      'GET',
      '/api/v1/gizmos',
      undefined,
      404,
      'the server could not find the requested resource',
    ],
    [
      'an unknown namespace',
      'POST',
      '/api/v1/namespaces/none/configmaps',
      { metadata: { name: 'a' } },
      404,
      'namespaces "none" not found',
    ],
    [
      'status of an application',
      'GET',
      `${APPLICATIONS}/x/status`,
      undefined,
      404,
      'the server could not find the requested resource',
    ],
    [
      'no name',
      'POST',
      '/api/v1/namespaces/praq/configmaps',
      {},
      422,
      'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    ],
    [
      'a bad name',
      'POST',
      '/api/v1/namespaces',
      namespace('A b'),
      422,
      /^Namespace "A b" is invalid: metadata\.name: Invalid value: "A b": a lowercase RFC 1123 label/,
    ],
    [
      'an application without spec',
      'POST',
      APPLICATIONS,
      { metadata: { name: 'a' } },
      422,
      'Application.argoproj.io "a" is invalid: spec: Required value',
    ],
    [
      'an application without destination',
      'POST',
      APPLICATIONS,
      { metadata: { name: 'a' }, spec: { project: 'p' } },
      422,
      'Application.argoproj.io "a" is invalid: spec.destination: Required value',
    ],
    [
      'an application with a wrong type',
      'POST',
      APPLICATIONS,
      { metadata: { name: 'a' }, spec: { ...spec, source: 'x' } },
      422,
      'Application.argoproj.io "a" is invalid: spec.source: Invalid value: "string": spec.source in body must be of type object: "string"',
    ],
    [
      'a deployment without selector',
      'POST',
      DEPLOYMENTS,
      { metadata: { name: 'a' }, spec: { template: { spec: { containers: [{ name: 'a', image: 'b' }] } } } },
      422,
      'Deployment.apps "a" is invalid: spec.selector: Required value',
    ],
    [
      'a wrong kind',
      'POST',
      APPLICATIONS,
      { ...application('a'), kind: 'Pod' },
      400,
      'Pod in version "v1alpha1" cannot be handled as a Application',
    ],
    [
      'a wrong namespace',
      'POST',
      APPLICATIONS,
      { ...application('a'), metadata: { name: 'a', namespace: 'b' } },
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'a field nobody can select by',
      'GET',
      `${APPLICATIONS}?fieldSelector=spec.project=a`,
      undefined,
      400,
      'field label not supported: spec.project',
    ],
    [
      'a label selector that cannot be read',
      'GET',
      `${APPLICATIONS}?labelSelector=a,(b`,
      undefined,
      400,
      'unable to parse requirement: found "(b"',
    ],
    [
      'what is not granted',
      'GET',
      '/api/v1/namespaces/praq/secrets',
      undefined,
      403,
      'secrets is forbidden: User "sandbox" cannot list resource "secrets" in API group "" in the namespace "praq"',
    ],
    [
      'a method that is none',
      'PUT',
      APPLICATIONS,
      {},
      405,
      'the server does not allow this method on the requested resource',
    ],
    [
      'another dry run',
      'POST',
      `${APPLICATIONS}?dryRun=Some`,
      application('a'),
      400,
      'dryRun: Unsupported value: "Some": supported values: "All"',
    ],
  ] as [string, string, string, Json | undefined, number, string | RegExp][])(
    'refuses %s as a kube-apiserver does',
    async (_, method, path, body, code, message) => {
      const reply = await api.send(method, path, body)
      expect(reply.body['message']).toEqual(
        typeof message === 'string' ? message : expect.stringMatching(message),
      )
      expect(reply).toMatchObject({ code, body: { kind: 'Status', status: 'Failure', code } })
    },
  )

  it('answers 401 without the token, whatever is asked', async () => {
    const stranger = new ApiClient(server, 'wrong')
    const reply = await stranger.get('/api/v1/namespaces')
    await stranger.close()
    expect(reply).toMatchObject({
      code: 401,
      body: { kind: 'Status', message: 'Unauthorized', reason: 'Unauthorized' },
    })
  })

  it('answers 413 to more than 3 MiB', async () => {
    const body = JSON.stringify({ metadata: { name: 'big' }, data: { a: 'x'.repeat(3 * 1024 * 1024) } })
    const reply = await api.send('POST', '/api/v1/namespaces/praq/configmaps', body)
    expect(reply).toMatchObject({ code: 413, body: { reason: 'RequestEntityTooLarge' } })
  })

  it('tells in a SelfSubjectAccessReview what is granted', async () => {
    const ask = (verb: string, resource: string) =>
      api.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        spec: { resourceAttributes: { verb, resource, namespace: 'praq' } },
      })
    expect((await ask('get', 'secrets')).body).toMatchObject({ status: { allowed: true } })
    expect((await ask('list', 'secrets')).body).toMatchObject({ status: { allowed: false } })
  })
})

describe('create, read, update, delete', () => {
  it('gives what it creates a uid, a time, a version and a generation', async () => {
    const { code, body } = await api.post(APPLICATIONS, application('made'))
    expect(code).toBe(201)
    expect(body['metadata']).toMatchObject({
      name: 'made',
      namespace: 'argocd',
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      resourceVersion: expect.stringMatching(/^\d+$/),
      generation: 1,
    })
    expect((await api.get(`${APPLICATIONS}/made`)).body).toEqual(body)
    expect((await api.post(APPLICATIONS, application('made'))).body).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'applications.argoproj.io "made" already exists',
    })
  })

  it('makes a name from generateName', async () => {
    const { body } = await api.post(APPLICATIONS, { ...application('x'), metadata: { generateName: 'gen-' } })
    expect(textAt(body, 'metadata', 'name')).toMatch(/^gen-[a-z0-9]{5}$/)
  })

  it('reads YAML', async () => {
    const yaml = 'metadata:\n  name: from-yaml\ndata:\n  a: b\n'
    const { code, body } = await api.send('POST', '/api/v1/namespaces/praq/configmaps', yaml, {
      'content-type': 'application/yaml',
    })
    expect(code).toBe(201)
    expect(body['data']).toEqual({ a: 'b' })
  })

  it('stores nothing in a dry run', async () => {
    const { code, body } = await api.post(`${APPLICATIONS}?dryRun=All`, application('dry'))
    expect(code).toBe(201)
    expect(textAt(body, 'metadata', 'uid')).not.toBe('')
    expect((await api.get(`${APPLICATIONS}/dry`)).code).toBe(404)
  })

  it('refuses a PUT of a version that is no longer the latest', async () => {
    const first = (await api.post(APPLICATIONS, application('contested'))).body
    await api.patch(`${APPLICATIONS}/contested`, 'merge', { spec: { project: 'theirs' } })
    const { code, body } = await api.send('PUT', `${APPLICATIONS}/contested`, first)
    expect(code).toBe(409)
    expect(body['message']).toBe(
      'Operation cannot be fulfilled on applications.argoproj.io "contested": the object has been modified; please apply your changes to the latest version and try again',
    )
    expect((await api.get(`${APPLICATIONS}/contested`)).body).toMatchObject({ spec: { project: 'theirs' } })
  })

  it('demands a resourceVersion for the PUT of a custom resource', async () => {
    await api.post(APPLICATIONS, application('put'))
    expect((await api.send('PUT', `${APPLICATIONS}/put`, application('put'))).body).toMatchObject({
      code: 422,
      message:
        'Application.argoproj.io "put" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update',
    })
  })

  it('raises the generation of an application with any change outside metadata', async () => {
    await api.post(APPLICATIONS, application('generations'))
    const path = `${APPLICATIONS}/generations`
    const generation = async (patch: Json) =>
      valueAt((await api.patch(path, 'merge', patch)).body, 'metadata', 'generation')
    expect(await generation({ metadata: { annotations: { a: 'b' } } })).toBe(1)
    expect(await generation({ spec: { project: 'other' } })).toBe(2)
    expect(await generation({ status: { sync: { status: 'Synced' } } })).toBe(3)
  })

  it('keeps spec and status of a deployment apart', async () => {
    await api.post(DEPLOYMENTS, deployment('apart'))
    const path = `${DEPLOYMENTS}/apart`
    const change = { spec: { replicas: 3 }, status: { replicas: 3 } }
    const main = (await api.patch(path, 'merge', change)).body
    expect([valueAt(main, 'spec', 'replicas'), valueAt(main, 'status', 'replicas')]).toEqual([3, undefined])
    const status = (
      await api.patch(`${path}/status`, 'merge', { spec: { replicas: 9 }, status: { replicas: 2 } })
    ).body
    expect([valueAt(status, 'spec', 'replicas'), valueAt(status, 'status', 'replicas')]).toEqual([3, 2])
    expect(valueAt(status, 'metadata', 'generation')).toBe(2)
  })

  it('leaves the version alone when a write changes nothing', async () => {
    const before = (await api.post(APPLICATIONS, application('same'))).body
    const after = (await api.patch(`${APPLICATIONS}/same`, 'merge', { spec: { project: 'default' } })).body
    expect(after['metadata']).toEqual(before['metadata'])
  })

  it('deletes, and answers as kubectl expects', async () => {
    const made = (await api.post(APPLICATIONS, application('gone'))).body
    const { code, body } = await api.send('DELETE', `${APPLICATIONS}/gone`, {
      preconditions: { uid: 'other' },
    })
    expect([code, body['reason']]).toEqual([409, 'Conflict'])
    const deleted = (await api.send('DELETE', `${APPLICATIONS}/gone`)).body
    expect(deleted).toMatchObject({
      status: 'Success',
      details: {
        name: 'gone',
        group: 'argoproj.io',
        kind: 'applications',
        uid: textAt(made, 'metadata', 'uid'),
      },
    })
    expect((await api.get(`${APPLICATIONS}/gone`)).code).toBe(404)
  })

  it('waits for finalizers before it deletes', async () => {
    const guarded = application('guarded')
    await api.post(APPLICATIONS, { ...guarded, metadata: { name: 'guarded', finalizers: ['a/b'] } })
    await api.send('DELETE', `${APPLICATIONS}/guarded`)
    const marked = (await api.get(`${APPLICATIONS}/guarded`)).body
    expect(textAt(marked, 'metadata', 'deletionTimestamp')).not.toBe('')
    await api.patch(`${APPLICATIONS}/guarded`, 'merge', { metadata: { finalizers: null } })
    expect((await api.get(`${APPLICATIONS}/guarded`)).code).toBe(404)
  })
})

describe('defaults of pod templates', () => {
  it.each([
    ['no tag', 'a/b', 'Always'],
    ['latest', 'a/b:latest', 'Always'],
    ['a named tag', 'a/b:production', 'IfNotPresent'],
    ['a registry with a port and no tag', 'host:5000/a', 'Always'],
    ['a digest alone', `a/b@sha256:${'0'.repeat(64)}`, 'IfNotPresent'],
    ['a tag and a digest', `a/b:latest@sha256:${'0'.repeat(64)}`, 'Always'],
  ])('with %s the pull policy is filled in', async (_, image, policy) => {
    const { body } = await api.post(`${DEPLOYMENTS}?dryRun=All`, deployment('defaults', image))
    expect(textAt(body, 'spec', 'template', 'spec', 'containers', 0, 'imagePullPolicy')).toBe(policy)
  })

  it('leaves a Rollout as it was written, for it is a custom resource', async () => {
    const { body } = await api.post('/apis/argoproj.io/v1alpha1/namespaces/praq/rollouts?dryRun=All', {
      ...deployment('plain'),
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
    })
    expect(valueAt(body, 'spec', 'template', 'spec', 'containers', 0, 'imagePullPolicy')).toBeUndefined()
  })
})

describe('lists', () => {
  const paged = '/apis/argoproj.io/v1alpha1/namespaces/paged/applications'
  beforeAll(async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await api.post(paged, application(name, { letter: name, ...(name < 'c' ? { early: 'yes' } : {}) }))
    }
  })
  const names = (body: Json): string[] =>
    listAt(body, 'items').map((item) => textAt(item, 'metadata', 'name'))

  it.each([
    ['labelSelector=early', ['a', 'b']],
    ['labelSelector=!early', ['c', 'd', 'e']],
    ['labelSelector=letter=c', ['c']],
    ['labelSelector=letter==c', ['c']],
    ['labelSelector=letter!=c', ['a', 'b', 'd', 'e']],
    [`labelSelector=${encodeURIComponent('letter in (a, e),early')}`, ['a']],
    [`labelSelector=${encodeURIComponent('letter notin (a,e)')}`, ['b', 'c', 'd']],
    ['fieldSelector=metadata.name=d', ['d']],
    ['fieldSelector=metadata.name!=d,metadata.namespace=paged', ['a', 'b', 'c', 'e']],
  ])('select by %s', async (query, expected) => {
    expect(names((await api.get(`${paged}?${query}`)).body)).toEqual(expected)
  })

  it('come in pages that show the state at the first one', async () => {
    const first = (await api.get(`${paged}?limit=2`)).body
    expect(names(first)).toEqual(['a', 'b'])
    expect(objectAt(first, 'metadata')).toMatchObject({ remainingItemCount: 3 })
    await api.send('DELETE', `${paged}/c`)
    await api.post(paged, application('c2'))
    const second = (await api.get(`${paged}?limit=2&continue=${textAt(first, 'metadata', 'continue')}`)).body
    expect(names(second)).toEqual(['c', 'd'])
    expect(textAt(second, 'metadata', 'resourceVersion')).toBe(textAt(first, 'metadata', 'resourceVersion'))
    const last = (await api.get(`${paged}?limit=2&continue=${textAt(second, 'metadata', 'continue')}`)).body
    expect(names(last)).toEqual(['e'])
    expect(valueAt(last, 'metadata', 'continue')).toBeUndefined()
    expect(names((await api.get(paged)).body)).toEqual(['a', 'b', 'c2', 'd', 'e'])
  })

  it('span all namespaces', async () => {
    const { body } = await api.get('/apis/argoproj.io/v1alpha1/applications')
    const namespaces = new Set(listAt(body, 'items').map((item) => textAt(item, 'metadata', 'namespace')))
    expect([...namespaces]).toEqual(['argocd', 'paged'])
  })

  it('name kinds in items of custom resources only', async () => {
    const applications = (await api.get(paged)).body
    expect(applications).toMatchObject({ kind: 'ApplicationList', apiVersion: 'argoproj.io/v1alpha1' })
    expect(valueAt(applications, 'items', 0, 'kind')).toBe('Application')
    const deployments = (await api.get(DEPLOYMENTS)).body
    expect(valueAt(deployments, 'items', 0, 'kind')).toBeUndefined()
  })

  it('answer 410 with a way on when the page they continue is forgotten', async () => {
    const first = (await api.get(`${paged}?limit=2`)).body
    await api.post(paged, application('later'))
    server.store.compact()
    const { code, body } = await api.get(`${paged}?limit=2&continue=${textAt(first, 'metadata', 'continue')}`)
    expect([code, body['reason']]).toEqual([410, 'Expired'])
    const inconsistent = await api.get(`${paged}?continue=${textAt(body, 'metadata', 'continue')}`)
    expect(names(inconsistent.body)).toEqual(['c2', 'd', 'e', 'later'])
    expect((await api.get(`${paged}?limit=2&continue=nonsense`)).body['message']).toBe(
      'invalid continue token: continue key is not valid',
    )
  })

  it('come as a Table when kubectl asks for one', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
    const { body } = await api.get(`${paged}?labelSelector=letter=a`, { accept })
    expect(body['kind']).toBe('Table')
    const columns = listAt(body, 'columnDefinitions').map((column) => textAt(column, 'name'))
    expect(columns).toEqual(['Name', 'Sync Status', 'Health Status', 'Revision', 'Project'])
    expect(valueAt(body, 'rows', 0, 'cells')).toEqual(['a', '', '', '', 'default'])
    expect(valueAt(body, 'rows', 0, 'object', 'kind')).toBe('PartialObjectMetadata')
  })
})

describe('watches', () => {
  const configMaps = '/api/v1/namespaces/praq/configmaps'
  const types = (events: Json[]): string[] =>
    events.map((event) => `${textAt(event, 'type')} ${textAt(event, 'object', 'metadata', 'name')}`)

  it('begin with what there is, then tell each change', async () => {
    await api.post(configMaps, { metadata: { name: 'w1', labels: { w: '1' } } })
    const events = api.watch(`${configMaps}?watch=true&labelSelector=w=1`)
    expect(types(await take(events, 1))).toEqual(['ADDED w1'])
    await api.post(configMaps, { metadata: { name: 'unrelated' } })
    await api.post(configMaps, { metadata: { name: 'w2', labels: { w: '1' } } })
    await api.patch(`${configMaps}/w1`, 'merge', { data: { a: 'b' } })
    await api.patch(`${configMaps}/w1`, 'merge', { metadata: { labels: { w: '2' } } })
    await api.send('DELETE', `${configMaps}/w2`)
    expect(types(await take(events, 4))).toEqual(['ADDED w2', 'MODIFIED w1', 'DELETED w1', 'DELETED w2'])
    await events.return(undefined)
  })

  it('resume after a resourceVersion', async () => {
    const made = (await api.post(configMaps, { metadata: { name: 'r1' } })).body
    await api.patch(`${configMaps}/r1`, 'merge', { data: { a: '1' } })
    const since = textAt(made, 'metadata', 'resourceVersion')
    const events = api.watch(
      `${configMaps}?watch=true&fieldSelector=metadata.name=r1&resourceVersion=${since}`,
    )
    await api.send('DELETE', `${configMaps}/r1`)
    const [modified, deleted] = await take(events, 2)
    expect([modified?.['type'], deleted?.['type']]).toEqual(['MODIFIED', 'DELETED'])
    const version = (event: Json | undefined): number =>
      Number(textAt(event, 'object', 'metadata', 'resourceVersion'))
    expect(version(deleted)).toBeGreaterThan(version(modified))
    await events.return(undefined)
  })

  it('send bookmarks to those who ask', async () => {
    const events = api.watch(
      `${configMaps}?watch=true&allowWatchBookmarks=true&sendInitialEvents=true&fieldSelector=metadata.name=none`,
    )
    const [end] = await take(events, 1)
    expect(end).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'ConfigMap', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    })
    server.bookmark()
    expect(await take(events, 1)).toMatchObject([{ type: 'BOOKMARK' }])
    await events.return(undefined)
  })

  it('end with a 410 when changes since then are forgotten', async () => {
    await api.post(configMaps, { metadata: { name: 'old' } })
    server.store.compact()
    const events = api.watch(`${configMaps}?watch=true&resourceVersion=2`)
    const all = await take(events, 2)
    expect(all).toMatchObject([{ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }])
  })

  it('end when their time is over', async () => {
    const events = api.watch(`${configMaps}?watch=true&timeoutSeconds=1&fieldSelector=metadata.name=none`)
    expect(await take(events, 1)).toEqual([])
  })
})
