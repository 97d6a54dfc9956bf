import { describe, expect, it } from 'vitest'
import { getApplication, listApplications } from '../../src/lib/cluster/applications.ts'
import { listPods } from '../../src/lib/cluster/pods.ts'
import { readWorkloads } from '../../src/lib/cluster/workloads.ts'
import { type Answer, type SeenRequest, status, testApiServer } from './api-server.ts'
import { openTestCluster } from './open-test-cluster.ts'

describe('listApplications', () => {
  const all = [application('shop'), application('billing'), application('shop', 'team-a')]

  it('of one namespace, sorted, with selectors', async () => {
    const { client, requests } = await cluster(() => list([all[0], all[1]]))
    const { objects, problems } = await listApplications(client, { selector: 'a=b', fieldSelector: 'c=d' })
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(['billing', 'shop'])
    expect(problems).toEqual([])
    expect(requests[0]?.url.pathname).toBe('/apis/argoproj.io/v1alpha1/namespaces/argocd/applications')
    expect(requests[0]?.url.searchParams.get('labelSelector')).toBe('a=b')
    expect(requests[0]?.url.searchParams.get('fieldSelector')).toBe('c=d')
  })

  it('of all namespaces; a name means every Application of that name', async () => {
    const { client, requests } = await cluster(() => list(all), { 'all-namespaces': true })
    const { objects } = await listApplications(client, { names: ['shop'] })
    expect(objects.map(({ metadata }) => metadata.namespace)).toEqual(['argocd', 'team-a'])
    expect(requests[0]?.url.pathname).toBe('/apis/argoproj.io/v1alpha1/applications')
  })

  it('a name with namespace is looked for there', async () => {
    const { client } = await cluster(({ url }) =>
      list(all.filter((one) => url.pathname.includes(`/${one.metadata.namespace}/`))),
    )
    const { objects, problems } = await listApplications(client, { names: ['team-a/shop', 'billing'] })
    expect(objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      'argocd/billing',
      'team-a/shop',
    ])
    expect(problems).toEqual([])
  })

  it('one that was named but is not there is a problem beside the others', async () => {
    const { client } = await cluster(() => list(all.slice(0, 2)))
    const { objects, problems } = await listApplications(client, { names: ['shop', 'shpo'] })
    expect(objects).toHaveLength(1)
    expect(problems).toMatchObject([
      {
        reason: 'NotFound',
        name: 'shpo',
        problem: expect.stringContaining('application "shpo" not found in namespace argocd'),
      },
    ])
  })

  it.each<[string, object, string]>([
    ['no spec', { spec: undefined }, 'spec is missing'],
    ['a spec that is text', { spec: 'x' }, 'spec is not an object'],
    ['a source that is a list', { spec: { source: [] } }, 'spec.source is not an object'],
    ['sources that are no list', { spec: { sources: {} } }, 'spec.sources is not a list'],
    [
      'an image that is a number',
      { spec: { source: { kustomize: { images: ['a', 7] } } } },
      'spec.source.kustomize.images[1] is not text',
    ],
    [
      'a parameter that is text',
      { spec: { sources: [{ helm: { parameters: ['a'] } }] } },
      'spec.sources[0].helm.parameters[0] is not an object',
    ],
    [
      'an annotation that is a list',
      { metadata: { name: 'shop', annotations: { a: [] } } },
      'metadata.annotations.a is not text',
    ],
    [
      'a resource without a name',
      { status: { resources: [{ kind: 'Deployment' }] } },
      'status.resources[0].name is missing',
    ],
  ])('one with %s is a problem, not a crash', async (_, fault, problem) => {
    const broken = { ...application('shop'), ...fault }
    const { client } = await cluster(() => list([broken, all[1]]))
    const { objects, problems } = await listApplications(client)
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(['billing'])
    expect(problems).toMatchObject([
      { reason: 'Broken', name: 'shop', problem: expect.stringContaining(problem) },
    ])
  })

  it('without the CRD it says so, in these words', async () => {
    const { client } = await cluster(() => ({ status: 404, text: '404 page not found' }))
    await expect(listApplications(client)).rejects.toThrow(
      `Argo CD's Application CRD is not installed in context ${client.target.context} (${client.target.server})`,
    )
  })
})

describe('getApplication', () => {
  it('keeps every field it does not know', async () => {
    const odd = { ...application('shop'), operation: { x: [1, { y: null }] } }
    const { client } = await cluster(() => odd)
    await expect(getApplication(client, 'argocd', 'shop')).resolves.toEqual(odd)
  })

  it('of a broken one is an error that names it', async () => {
    const { client } = await cluster(() => ({ ...application('shop'), spec: [] }))
    await expect(getApplication(client, 'argocd', 'shop')).rejects.toMatchObject({
      reason: 'Broken',
      message: 'application argocd/shop cannot be read: spec is not an object',
    })
  })
})

describe('listPods', () => {
  it('by label', async () => {
    const { client, requests } = await cluster(() => list([{ metadata: { name: 'p' } }]))
    expect(await listPods(client, 'web', 'app=x')).toMatchObject({ objects: [{ metadata: { name: 'p' } }] })
    expect(`${requests[0]?.url.pathname}${requests[0]?.url.search}`).toBe(
      '/api/v1/namespaces/web/pods?labelSelector=app%3Dx&limit=500',
    )
  })

  it('that may not be read are a problem', async () => {
    const { client } = await cluster(() => status(403, 'Forbidden', 'pods is forbidden'))
    expect(await listPods(client, 'web')).toMatchObject({
      objects: [],
      problems: [{ kind: 'Pod', namespace: 'web', reason: 'Forbidden', problem: 'pods is forbidden' }],
    })
  })

  it('of a server in trouble are an error', async () => {
    const { client } = await cluster(() => status(500, 'InternalError', 'etcd'))
    await expect(listPods(client, 'web')).rejects.toMatchObject({ status: 500 })
  })
})

describe('workloads', () => {
  const shop = {
    ...application('shop'),
    spec: { destination: { namespace: 'web' } },
    status: {
      resources: [
        { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'web', name: 'front' },
        { version: 'v1', kind: 'Service', namespace: 'web', name: 'front' },
        { group: 'apps', version: 'v1', kind: 'StatefulSet', name: 'db' },
        { group: 'argoproj.io', version: 'v1alpha1', kind: 'Rollout', namespace: 'web', name: 'back' },
        { group: 'apps', version: 'v1', kind: 'DaemonSet', namespace: 'other', name: 'agent' },
        { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'web', name: 'front' },
        { group: 'example.org', version: 'v1', kind: 'Deployment', namespace: 'web', name: 'alien' },
        { version: 'v1', kind: 'constructor', namespace: 'web', name: 'x' },
      ],
    },
  }

  it('are read by name; what is missing or forbidden is a problem', async () => {
    const { client } = await cluster(({ url }) => {
      const name = url.pathname.split('/').at(-1) ?? ''
      if (name === 'db') return status(404, 'NotFound', 'statefulsets.apps "db" not found', { name: 'db' })
      if (name === 'agent') return status(403, 'Forbidden', 'daemonsets.apps "agent" is forbidden')
      return { kind: 'X', metadata: { name } }
    })
    const { workloads, problems } = await readWorkloads(client, shop)
    expect(workloads.map(({ object }) => object.metadata.name)).toEqual(['front', 'back'])
    expect(problems.map(({ kind, name, reason }) => `${kind} ${name} ${reason}`)).toEqual([
      'StatefulSet db NotFound',
      'DaemonSet agent Forbidden',
    ])
  })
})

function application(name: string, namespace = 'argocd') {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace },
    spec: { source: { repoURL: 'https://git.test/x', kustomize: { images: ['a:1'] } } },
  }
}

function list(items: readonly unknown[]) {
  return { kind: 'ApplicationList', metadata: {}, items }
}

async function cluster(answer: (request: SeenRequest) => Answer, flags = {}) {
  const server = await testApiServer(answer)
  return { client: await openTestCluster({ server: server.url, ...flags }), requests: server.requests }
}
