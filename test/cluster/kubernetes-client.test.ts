import { describe, expect, it } from 'vitest'
import { isConflict } from '../../src/lib/cluster/status-error.ts'
import { type Answer, type SeenRequest, status, testApiServer } from './api-server.ts'
import { openTestCluster } from './open-test-cluster.ts'

const applications = {
  group: 'argoproj.io',
  version: 'v1alpha1',
  resource: 'applications',
  namespace: 'argocd',
}
const shop = { ...applications, name: 'shop' }
const object = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop' },
  spec: {},
}

describe('verbs', () => {
  it.each([
    {
      what: 'get',
      act: (client: Client) => client.get(shop),
      sent: 'GET /apis/argoproj.io/v1alpha1/namespaces/argocd/applications/shop',
      type: undefined,
      body: '',
    },
    {
      what: 'create, with dry run',
      act: (client: Client) => client.create(applications, object, { dryRun: true }),
      sent: 'POST /apis/argoproj.io/v1alpha1/namespaces/argocd/applications?fieldManager=kubectl-image-updater&dryRun=All',
      type: 'application/json',
      body: JSON.stringify(object),
    },
    {
      what: 'jsonPatch',
      act: (client: Client) => client.jsonPatch(shop, [{ op: 'test', path: '/a', value: 1 }]),
      sent: 'PATCH /apis/argoproj.io/v1alpha1/namespaces/argocd/applications/shop?fieldManager=kubectl-image-updater',
      type: 'application/json-patch+json',
      body: '[{"op":"test","path":"/a","value":1}]',
    },
    {
      what: 'mergePatch of a subresource, with another field manager',
      act: (client: Client) =>
        client.mergePatch({ ...shop, subresource: 'status' }, { a: null }, { fieldManager: 'me' }),
      sent: 'PATCH /apis/argoproj.io/v1alpha1/namespaces/argocd/applications/shop/status?fieldManager=me',
      type: 'application/merge-patch+json',
      body: '{"a":null}',
    },
    {
      what: 'strategicMergePatch',
      act: (client: Client) => client.strategicMergePatch(shop, { a: 1 }),
      sent: 'PATCH /apis/argoproj.io/v1alpha1/namespaces/argocd/applications/shop?fieldManager=kubectl-image-updater',
      type: 'application/strategic-merge-patch+json',
      body: '{"a":1}',
    },
  ])('$what', async ({ act, sent, type, body }) => {
    const { client, requests } = await cluster(() => object)
    await expect(act(client)).resolves.toEqual(object)
    const [request] = requests
    expect(`${request?.method} ${request?.url.pathname}${request?.url.search}`).toBe(sent)
    expect(request?.headers['content-type']).toBe(type)
    expect(request?.body).toBe(body)
  })

  it.each(['..', 'a/b', '', 'a%2fb'])(
    'a name that would lead elsewhere is never sent: "%s"',
    async (name) => {
      const { client, requests } = await cluster(() => object)
      await expect(client.get({ ...applications, name })).rejects.toMatchObject({ reason: 'Invalid' })
      expect(requests).toHaveLength(0)
    },
  )
})

describe('list', () => {
  it('reads page by page and gives items their type', async () => {
    const { client, requests } = await cluster(({ url }) =>
      url.searchParams.get('continue') === 'more' ? page(['c'], '') : page(['a', 'b'], 'more'),
    )
    const found = await client.list(applications, {
      labelSelector: 'team=a',
      fieldSelector: 'metadata.name!=x',
    })
    expect(found.map((item) => `${item.kind} ${item.metadata.name}`)).toEqual([
      'Application a',
      'Application b',
      'Application c',
    ])
    expect(requests.map((request) => Object.fromEntries(request.url.searchParams))).toEqual([
      { limit: '500', labelSelector: 'team=a', fieldSelector: 'metadata.name!=x' },
      { limit: '500', continue: 'more', labelSelector: 'team=a', fieldSelector: 'metadata.name!=x' },
    ])
  })

  it('starts over once, in full, when the pages have expired', async () => {
    const { client, requests } = await cluster(({ url }) => {
      if (url.searchParams.has('continue')) return status(410, 'Expired', 'too old')
      return url.searchParams.has('limit') ? page(['a', 'b'], 'more') : page(['a', 'b', 'c'], '')
    })
    const found = await client.list(applications, { pageSize: 2 })
    expect(found.map((item) => item.metadata.name)).toEqual(['a', 'b', 'c'])
    expect(requests).toHaveLength(3)
  })

  it('of nothing may be null', async () => {
    const { client } = await cluster(() => ({ kind: 'ApplicationList', metadata: {}, items: null }))
    await expect(client.list(applications)).resolves.toEqual([])
  })

  it('gives up on a server that never stops', async () => {
    const { client, requests } = await cluster(() => page(['a'], 'again'))
    await expect(client.list(applications)).rejects.toThrow(/does not stop listing after 1000 pages/)
    expect(requests).toHaveLength(1000)
  })
})

describe('what the server refuses', () => {
  it.each<{ what: string; answer: Answer; error: object; conflict?: boolean }>([
    {
      what: 'not found',
      answer: status(404, 'NotFound', 'applications.argoproj.io "shop" not found', { name: 'shop' }),
      error: { status: 404, reason: 'NotFound', message: 'applications.argoproj.io "shop" not found' },
    },
    {
      what: 'forbidden',
      answer: status(403, 'Forbidden', 'applications.argoproj.io "shop" is forbidden: User "jane" cannot'),
      error: {
        status: 403,
        message: 'applications.argoproj.io "shop" is forbidden: User "jane" cannot',
        remedy: 'Ask for the right; kubectl auth can-i patch applications.argoproj.io -n argocd',
      },
    },
    {
      what: 'a conflict',
      answer: status(409, 'Conflict', 'Operation cannot be fulfilled: the object has been modified'),
      error: { status: 409, reason: 'Conflict' },
      conflict: true,
    },
    {
      what: 'a test of the patch that does not hold, as API servers say it',
      answer: status(422, 'Invalid', 'the server rejected our request due to an error in our request'),
      error: { status: 422, reason: 'Invalid', remedy: 'It was changed meanwhile: run the command again' },
      conflict: true,
    },
    {
      what: 'the same as an old server or a proxy says it',
      answer: status(422, 'Invalid', 'testing value /spec/source failed: test failed'),
      error: { status: 422 },
      conflict: true,
    },
    {
      what: 'an invalid object',
      answer: status(
        422,
        'Invalid',
        'Application.argoproj.io "shop" is invalid: spec.project: Required value',
      ),
      error: { status: 422, message: /Required value/ },
    },
    {
      what: 'something that exists',
      answer: status(409, 'AlreadyExists', 'leases "x" already exists'),
      error: { reason: 'AlreadyExists' },
    },
    {
      what: 'a type it does not know',
      answer: { status: 404, text: '404 page not found' },
      error: {
        status: 404,
        reason: 'NoSuchResourceType',
        message: /^the server has no resource type applications\.argoproj\.io\/v1alpha1 in context http/,
      },
    },
    {
      what: 'a login page',
      answer: { status: 401, text: '<html>' },
      error: {
        status: 401,
        reason: 'Unauthorized',
        message: 'Unauthorized (patch applications.argoproj.io "shop")',
      },
    },
    {
      what: 'an answer nobody knows',
      answer: { status: 418, text: 'short and stout' },
      error: { status: 418, reason: 'Unknown', message: /the server answered 418/ },
    },
  ])('$what', async ({ answer, error, conflict = false }) => {
    const { client } = await cluster(() => answer)
    const thrown = await client.jsonPatch(shop, []).catch((reason: unknown) => reason)
    const expected = Object.fromEntries(
      Object.entries(error).map(([key, value]) => [
        key,
        value instanceof RegExp ? expect.stringMatching(value) : value,
      ]),
    )
    expect(thrown).toMatchObject(expected)
    expect(isConflict(thrown)).toBe(conflict)
  })
})

describe('replace', () => {
  it('puts the whole object, whose resourceVersion the API server compares', async () => {
    const lease = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases', namespace: 'argocd' }
    const object = { metadata: { name: 'watch', resourceVersion: '7' }, spec: { holderIdentity: 'me' } }
    const { client, requests } = await cluster(() => object)
    await client.replace({ ...lease, name: 'watch' }, object)
    expect(requests[0]).toMatchObject({ method: 'PUT', body: JSON.stringify(object) })
    expect(requests[0]?.url.pathname).toBe('/apis/coordination.k8s.io/v1/namespaces/argocd/leases/watch')
  })
})

describe('watch', () => {
  const event = (type: string, name: string, version: string) =>
    `${JSON.stringify({ type, object: { metadata: { name, resourceVersion: version } } })}\n`

  it('reports changes, follows bookmarks, and goes on where a stream ended', async () => {
    const { client, requests } = await cluster((_, count) => (response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      if (count > 1) return void response.write(event('DELETED', 'b', '9'))
      const text = event('ADDED', 'a', '5') + event('MODIFIED', 'a', '6') + event('BOOKMARK', '', '8')
      // In two pieces, cut inside an event.
      response.write(text.slice(0, 30))
      response.end(text.slice(30))
    })
    const end = new AbortController()
    const seen: string[] = []
    for await (const { type, object: changed } of client.watch(applications, {
      resourceVersion: '4',
      signal: end.signal,
    })) {
      seen.push(`${type} ${changed.metadata.name}`)
      if (type === 'DELETED') end.abort()
    }
    expect(seen).toEqual(['ADDED a', 'MODIFIED a', 'DELETED b'])
    expect(requests.map((request) => request.url.searchParams.get('resourceVersion'))).toEqual(['4', '8'])
    expect(requests[0]?.url.searchParams.get('allowWatchBookmarks')).toBe('true')
  })

  it.each([
    ['as an answer', status(410, 'Expired', 'too old resource version')],
    [
      'in the stream',
      { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' } },
    ],
  ])('says when its start is too old, %s', async (_, answer) => {
    const { client } = await cluster(() =>
      'type' in answer ? (response) => response.end(`${JSON.stringify(answer)}\n`) : answer,
    )
    const watching = client.watch(applications, { resourceVersion: '1' }).next()
    await expect(watching).rejects.toMatchObject({ status: 410, reason: 'Expired' })
  })
})

type Client = Awaited<ReturnType<typeof openTestCluster>>

async function cluster(answer: (request: SeenRequest, count: number) => Answer) {
  const server = await testApiServer(answer)
  return { client: await openTestCluster({ server: server.url }), requests: server.requests }
}

function page(names: string[], token: string) {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationList',
    metadata: { resourceVersion: '100', ...(token && { continue: token }) },
    items: names.map((name) => ({ metadata: { name } })),
  }
}
