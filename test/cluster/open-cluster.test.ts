import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ConnectionFlags } from '../../src/lib/cluster/connection-flags.ts'
import { openCluster } from '../../src/lib/cluster/open-cluster.ts'
import { openDestination } from '../../src/lib/cluster/open-destination.ts'
import { type Answer, status, testApiServer } from './api-server.ts'
import { openTestCluster } from './open-test-cluster.ts'
import { temporaryFolder } from './temporary-folder.ts'

const options = { version: '1.0.0', stdinIsTerminal: false }
const notFound = status(404, 'NotFound', 'namespaces "argocd" not found', { name: 'argocd' })
const forbidden = status(403, 'Forbidden', 'forbidden')
const one = { kind: 'ApplicationList', metadata: {}, items: [{ metadata: { name: 'a' } }] }
const none = { kind: 'ApplicationList', metadata: {}, items: [] }

describe('the namespace', () => {
  it.each<{ what: string; flags: ConnectionFlags; context: string; namespace: string; source: string }>([
    { what: '-n', flags: { namespace: 'mine' }, context: 'ctx', namespace: 'mine', source: 'flag' },
    { what: '-A', flags: { 'all-namespaces': true }, context: 'ctx', namespace: '', source: 'flag' },
    {
      what: '-A over -n',
      flags: { 'all-namespaces': true, namespace: 'mine' },
      context: '',
      namespace: '',
      source: 'flag',
    },
    { what: 'the context', flags: {}, context: 'ctx', namespace: 'ctx', source: 'context' },
  ])('of $what is taken without asking anybody', async ({ flags, context, namespace, source }) => {
    const kubeconfig = await kubeconfigFor('http://127.0.0.1:1', context)
    const client = await openCluster({ kubeconfig, ...flags }, {}, options)
    expect(client.target).toEqual({
      context: 'dev',
      server: 'http://127.0.0.1:1',
      namespace,
      namespaceSource: source,
    })
    await client.close()
  })

  it.each<{ what: string; namespaces: Answer; applications: Answer; namespace: string; source: string }>([
    {
      what: 'argocd exists',
      namespaces: { metadata: { name: 'argocd' } },
      applications: none,
      namespace: 'argocd',
      source: 'default argocd',
    },
    {
      what: 'it does not',
      namespaces: notFound,
      applications: none,
      namespace: 'default',
      source: 'default',
    },
    {
      what: 'nobody may tell, but there are Applications',
      namespaces: forbidden,
      applications: one,
      namespace: 'argocd',
      source: 'default argocd',
    },
    {
      what: 'nobody may tell, and there are none',
      namespaces: forbidden,
      applications: none,
      namespace: 'default',
      source: 'default',
    },
    {
      what: 'nothing may be read at all',
      namespaces: forbidden,
      applications: forbidden,
      namespace: 'default',
      source: 'default',
    },
  ])(
    'when nothing states one and $what: $namespace',
    async ({ namespaces, applications, namespace, source }) => {
      const server = await testApiServer(({ url }) =>
        url.pathname.endsWith('/applications') ? applications : namespaces,
      )
      const kubeconfig = await kubeconfigFor(server.url, '')
      const client = await openCluster({ kubeconfig }, {}, options)
      expect(client.target).toMatchObject({ namespace, namespaceSource: source })
      await client.close()
    },
  )
})

it('a KUBECONFIG that names no file warns, and the error says what was tried', async () => {
  const warnings: string[] = []
  const server = await testApiServer(() => notFound)
  const env = { KUBECONFIG: '/no/such/file', KUBERNETES_MASTER: server.url }
  const client = await openCluster({}, env, { ...options, warn: (text) => warnings.push(text) })
  expect(warnings).toEqual(['no kubeconfig found: KUBECONFIG names /no/such/file, which does not exist'])
  expect(client.target.server).toBe(server.url)
  await client.close()
  await expect(openCluster({}, { KUBERNETES_MASTER: 'http://127.0.0.1:1' }, options)).rejects.toThrow(
    /connection refused; no kubeconfig was found, so kubectl's default address was tried/,
  )
  await expect(openCluster({}, { KUBERNETES_MASTER: 'http://127.0.0.1:1' }, options)).rejects.toMatchObject({
    remedy: expect.stringMatching(/^Name a kubeconfig .* kubectl image-updater sandbox$/),
  })
})

it('a restart of the API server is survived', async () => {
  const found = { kind: 'Pod', metadata: { name: 'p' } }
  const pod = { group: '', version: 'v1', resource: 'pods', namespace: 'a', name: 'p' }
  const serve = async (port: number) => {
    const server = createServer((_, response) => response.end(JSON.stringify(found)))
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    const stop = () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    }
    onTestFinished(async () => void (await stop()))
    return { port: (server.address() as AddressInfo).port, stop }
  }
  const before = await serve(0)
  const client = await openTestCluster({ server: `http://127.0.0.1:${before.port}` })
  await expect(client.get(pod)).resolves.toEqual(found)
  await before.stop()
  await expect(client.get(pod)).rejects.toMatchObject({ reason: 'Unreachable' })
  await serve(before.port)
  await expect(client.get(pod)).resolves.toEqual(found)
})

describe('the destination of an Application', () => {
  it.each([
    ['is in-cluster', { name: 'in-cluster' }],
    ["is Argo CD's own server", { server: 'https://kubernetes.default.svc' }],
    ['is it with a slash and a port', { server: 'https://kubernetes.default.svc:443/' }],
    ['is not given', {}],
    ['has the address of this context', { server: 'HTTP://127.0.0.1:1/' }],
  ])('that %s is the cluster at hand', async (_, destination) => {
    const { request, client } = await destinationRequest(destination)
    await expect(openDestination(request)).resolves.toEqual({ reachable: true, client, shared: true })
  })

  it('is the context whose cluster has its address, without the credentials given for the other', async () => {
    const server = await testApiServer(() => ({ kind: 'Pod', metadata: { name: 'p' } }))
    const { request } = await destinationRequest({ server: `${server.url}/`, namespace: 'web' }, server.url, {
      token: 'for-dev-only',
      as: 'auditor',
    })
    const destination = await openDestination(request)
    if (!destination.reachable) throw new Error(destination.problem.problem)
    expect(destination).toMatchObject({
      shared: false,
      client: { target: { context: 'edge', namespace: 'web' } },
    })
    await destination.client.get({ group: '', version: 'v1', resource: 'pods', namespace: 'web', name: 'p' })
    await destination.client.close()
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
    expect(server.requests[0]?.headers['impersonate-user']).toBe('auditor')
  })

  it.each([
    [
      'an address no context has',
      { server: 'https://elsewhere' },
      /runs in the cluster at https:\/\/elsewhere, which is not reachable/,
      'Name its context with --workload-context',
    ],
    [
      'a name only Argo CD knows',
      { name: 'prod' },
      /the cluster that Argo CD calls "prod"/,
      'Name its context with --workload-context',
    ],
    [
      'a name that a context has too',
      { name: 'edge' },
      /calls "edge"/,
      'Name its context with --workload-context (is it edge?)',
    ],
  ])('with %s is a problem', async (_, destination, problem, remedy) => {
    const { request } = await destinationRequest(destination)
    await expect(openDestination(request)).resolves.toMatchObject({
      reachable: false,
      problem: { name: 'shop', problem: expect.stringMatching(problem), remedy },
    })
  })

  it('is whatever --workload-context says', async () => {
    const { request } = await destinationRequest({ name: 'prod' })
    const destination = await openDestination({ ...request, workloadContext: 'edge' })
    expect(destination).toMatchObject({ reachable: true, client: { target: { context: 'edge' } } })
    await expect(openDestination({ ...request, workloadContext: 'nope' })).rejects.toThrow(
      /"nope" does not exist/,
    )
  })
})

async function destinationRequest(
  destination: object,
  edge = 'http://127.0.0.1:2',
  more: ConnectionFlags = {},
) {
  const kubeconfig = await kubeconfigFor('http://127.0.0.1:1', 'argocd', edge)
  const flags = { kubeconfig, ...more }
  const client = await openTestCluster(flags)
  const application = { metadata: { name: 'shop', namespace: 'argocd' }, spec: { destination } }
  return { client, request: { application, client, flags, env: {}, options } }
}

async function kubeconfigFor(
  server: string,
  namespace: string,
  edge = 'http://127.0.0.1:2',
): Promise<string> {
  const config = {
    'current-context': 'dev',
    clusters: [
      { name: 'dev', cluster: { server } },
      { name: 'edge', cluster: { server: edge } },
    ],
    contexts: [
      { name: 'dev', context: { cluster: 'dev', namespace } },
      { name: 'edge', context: { cluster: 'edge' } },
    ],
  }
  return `${await temporaryFolder({ config: JSON.stringify(config) })}/config`
}
