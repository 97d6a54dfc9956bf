import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ClusterError } from '../../src/lib/cluster/client.ts'
import type { Connection } from '../../src/lib/cluster/connection.ts'
import { ANONYMOUS, type CredentialSource, fixedCredential } from '../../src/lib/cluster/credential.ts'
import { EMPTY_CLUSTER, EMPTY_USER, NOBODY } from '../../src/lib/cluster/kubeconfig.ts'
import { ApiTransport, type RequestLogEntry, type TransportOptions } from '../../src/lib/cluster/transport.ts'
import { fixture, testApiServer } from './api-server.ts'
import { openTestCluster } from './open-test-cluster.ts'
import { temporaryFolder } from './temporary-folder.ts'

const pod = { group: '', version: 'v1', resource: 'pods', namespace: 'a', name: 'p' }
const found = { kind: 'Pod', metadata: { name: 'p' } }

describe('connections', () => {
  it('50 requests one after the other open exactly one', async () => {
    const server = await testApiServer(() => found, { tls: true })
    const client = await openTestCluster(secure(server.url))
    for (let n = 0; n < 50; n++) await client.get(pod)
    expect(server.requests).toHaveLength(50)
    expect(server.connections()).toBe(1)
  })

  it('100 requests at once open at most 16', async () => {
    const server = await testApiServer(() => found)
    const client = await openTestCluster({ server: server.url })
    await Promise.all(Array.from({ length: 100 }, () => client.get(pod)))
    expect(server.requests).toHaveLength(100)
    expect(server.connections()).toBeLessThanOrEqual(16)
  })
})

describe('TLS', () => {
  it('trusts the authority named, and only that', async () => {
    const server = await testApiServer(() => found, { tls: true })
    await expect((await openTestCluster(secure(server.url))).get(pod)).resolves.toEqual(found)
    const untrusting = await openTestCluster({ server: server.url })
    await expect(untrusting.get(pod)).rejects.toMatchObject({
      reason: 'Unreachable',
      message: expect.stringContaining('authority that is not trusted'),
      remedy: expect.stringContaining('--certificate-authority'),
    })
  })

  it('--insecure-skip-tls-verify trusts anybody', async () => {
    const server = await testApiServer(() => found, { tls: true })
    const client = await openTestCluster({ server: server.url, 'insecure-skip-tls-verify': true })
    await expect(client.get(pod)).resolves.toEqual(found)
  })

  it('--tls-server-name is the name that is checked', async () => {
    const server = await testApiServer(() => found, { tls: true })
    const right = await openTestCluster({ ...secure(server.url), 'tls-server-name': 'api.test' })
    await expect(right.get(pod)).resolves.toEqual(found)
    const wrong = await openTestCluster({ ...secure(server.url), 'tls-server-name': 'other.test' })
    await expect(wrong.get(pod)).rejects.toThrow(/its certificate is for another name/)
  })

  it('a client certificate tells who we are', async () => {
    const server = await testApiServer(() => found, { tls: true, clientCertificates: true })
    const client = await openTestCluster({
      ...secure(server.url),
      'client-certificate': fixture('client.pem'),
      'client-key': fixture('client.key.pem'),
    })
    await client.get(pod)
    expect(server.requests[0]?.clientName).toBe('jane')
  })

  it('a plugin that returns another certificate makes a new connection with it', async () => {
    const server = await testApiServer(() => found, { tls: true, clientCertificates: true })
    const script = (name: string) => `
      const fs = require('node:fs')
      const read = (file) => fs.readFileSync(file, 'utf8')
      const first = !fs.existsSync(__filename + '.ran')
      fs.writeFileSync(__filename + '.ran', '')
      const name = first ? ${JSON.stringify(fixture('client'))} : ${JSON.stringify(fixture('other-client'))}
      console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: '${name}', status: {
        clientCertificateData: read(name + '.pem'), clientKeyData: read(name + '.key.pem'),
        expirationTimestamp: first ? '2020-01-01T00:00:00Z' : '2100-01-01T00:00:00Z' } }))`
    const kubeconfig = await execKubeconfig(server.url, script('client.authentication.k8s.io/v1'))
    const client = await openTestCluster({ kubeconfig })
    await client.get(pod)
    await client.get(pod)
    await client.get(pod)
    expect(server.requests.map((request) => request.clientName)).toEqual(['jane', 'john', 'john'])
    expect(server.connections()).toBe(2)
  })
})

describe('headers', () => {
  it('say who asks, with which program, and never travel in clear text', async () => {
    const server = await testApiServer(() => found, { tls: true })
    const client = await openTestCluster({ ...secure(server.url), token: 'secret' })
    await client.get(pod)
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer secret',
      'user-agent': 'kubectl-image-updater/1.2.3',
      accept: 'application/json',
      'accept-encoding': 'gzip',
    })
    const plain = await testApiServer(() => found)
    await (await openTestCluster({ server: plain.url, token: 'secret' })).get(pod)
    expect(plain.requests[0]?.headers.authorization).toBeUndefined()
  })

  it('impersonate user, uid, groups and extras', async () => {
    const server = await testApiServer(() => found)
    const client = await openTestCluster({
      server: server.url,
      as: 'system:serviceaccount:a:b',
      'as-uid': '42',
      'as-group': ['one', 'two'],
      'as-user-extra': ['Example.org/Scope=x', 'Example.org/Scope=y', 'plain=z'],
    })
    await client.get(pod)
    const raw = server.requests[0]?.rawHeaders ?? []
    const sent = raw.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${raw[index + 1]}`] : []))
    expect(sent.filter((header) => header.startsWith('impersonate-')).toSorted()).toEqual([
      'impersonate-extra-example.org%2Fscope: x',
      'impersonate-extra-example.org%2Fscope: y',
      'impersonate-extra-plain: z',
      'impersonate-group: one',
      'impersonate-group: two',
      'impersonate-uid: 42',
      'impersonate-user: system:serviceaccount:a:b',
    ])
  })
})

describe('credentials', () => {
  it('are renewed once after a 401', async () => {
    const server = await testApiServer(({ headers }) =>
      headers.authorization === 'Bearer new' ? found : { status: 401, json: {} },
    )
    const { transport, rejected } = testTransport(server.url, ['old', 'new'])
    expect((await transport.send({ method: 'GET', path: '/' })).status).toBe(200)
    expect(rejected()).toBe(1)
  })

  it('that stay rejected are not tried for ever', async () => {
    const server = await testApiServer(() => ({ status: 401, json: {} }))
    const { transport } = testTransport(server.url, ['old', 'new', 'newer'])
    expect((await transport.send({ method: 'GET', path: '/' })).status).toBe(401)
    expect(server.requests).toHaveLength(2)
  })

  it('are not sent where a redirect points', async () => {
    const elsewhere = await testApiServer(() => found)
    const server = await testApiServer(() => ({ status: 302, headers: { location: `${elsewhere.url}/` } }))
    const client = await openTestCluster({ server: server.url })
    await expect(client.get(pod)).rejects.toThrow(/answers with a redirect \(302\), which is not followed/)
    expect(elsewhere.requests).toHaveLength(0)
  })

  it('from a token file are read again when it changes and the server says no', async () => {
    const { writeFile } = await import('node:fs/promises')
    const server = await testApiServer(
      ({ headers }) => (headers.authorization === 'Bearer second' ? found : { status: 401, json: {} }),
      { tls: true },
    )
    const folder = await temporaryFolder({ token: 'first\n' })
    const kubeconfig = await userKubeconfig(server.url, { tokenFile: `${folder}/token` })
    const client = await openTestCluster({ kubeconfig })
    await expect(client.get(pod)).rejects.toMatchObject({ status: 401 })
    await writeFile(`${folder}/token`, 'second\n')
    await expect(client.get(pod)).resolves.toEqual(found)
  })

  it('may be a password', async () => {
    const server = await testApiServer(() => found, { tls: true })
    const kubeconfig = await userKubeconfig(server.url, { username: 'jane', password: 'pa:ss' })
    await (await openTestCluster({ kubeconfig })).get(pod)
    expect(server.requests[0]?.headers.authorization).toBe(`Basic ${btoa('jane:pa:ss')}`)
  })

  it('of the legacy oidc provider are its id-token while that is valid', async () => {
    const server = await testApiServer(() => found, { tls: true })
    const claims = btoa(JSON.stringify({ exp: 4_102_444_800 })).replace(/=+$/, '')
    const idToken = `${btoa('{}')}.${claims}.c2ln`
    const kubeconfig = await userKubeconfig(server.url, {
      'auth-provider': { name: 'oidc', config: { 'id-token': idToken, 'client-id': 'x' } },
    })
    await (await openTestCluster({ kubeconfig })).get(pod)
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${idToken}`)
  })

  it.each([
    ['gcp', 'Use the exec plugin gke-gcloud-auth-plugin instead'],
    ['azure', 'Use the exec plugin kubelogin instead'],
    ['other', 'Use an exec plugin instead'],
  ])('of the removed auth-provider %s are refused with what to use instead', async (name, remedy) => {
    const kubeconfig = await userKubeconfig('https://127.0.0.1:1', { 'auth-provider': { name } })
    await expect(openTestCluster({ kubeconfig })).rejects.toMatchObject({ remedy })
  })
})

describe('a request is tried again', () => {
  it.each([
    ['GET after 503', 'GET', { status: 503, headers: { 'retry-after': '7' } }, 7000],
    ['GET after 429', 'GET', { status: 429, headers: { 'retry-after': '2' } }, 2000],
    ['PATCH after 429', 'PATCH', { status: 429, headers: { 'retry-after': '1' } }, 1000],
    ['GET after a broken connection', 'GET', undefined, 0],
  ] as const)('%s', async (_, method, failure, atLeast) => {
    const server = await testApiServer((_request, count) =>
      count > 1 ? found : (failure ?? ((response) => response.destroy())),
    )
    const { transport, waits } = testTransport(server.url)
    expect((await transport.send({ method, path: '/' })).status).toBe(200)
    expect(waits).toHaveLength(1)
    expect(waits[0]).toBeGreaterThanOrEqual(atLeast)
    expect(waits[0]).toBeLessThanOrEqual(atLeast * 1.25)
  })

  it('but not without end', async () => {
    const server = await testApiServer(() => ({ status: 503, json: {} }))
    const { transport, waits } = testTransport(server.url)
    expect((await transport.send({ method: 'GET', path: '/' })).status).toBe(503)
    expect(server.requests).toHaveLength(5)
    expect(waits).toHaveLength(4)
  })

  it.each([
    ['a write after 503', 'PATCH', { status: 503, json: {} }],
    ['a read after 500', 'GET', { status: 500, json: {} }],
    ['when told to come back in an hour', 'GET', { status: 429, headers: { 'retry-after': '3600' } }],
  ] as const)('never %s', async (_, method, failure) => {
    const server = await testApiServer(() => failure)
    const { transport } = testTransport(server.url)
    await transport.send({ method, path: '/' })
    expect(server.requests).toHaveLength(1)
  })
})

describe('trouble is one line with server and context', () => {
  it('connection refused', async () => {
    const client = await openTestCluster({ server: 'http://127.0.0.1:1' })
    const failing = client.get(pod)
    await expect(failing).rejects.toBeInstanceOf(ClusterError)
    await expect(failing).rejects.toMatchObject({
      status: 0,
      reason: 'Unreachable',
      message:
        'cannot reach the API server http://127.0.0.1:1 of context http://127.0.0.1:1: connection refused',
    })
  })

  it('https to a server that speaks http, and the other way round', async () => {
    const plain = await testApiServer(() => found)
    const client = await openTestCluster({ server: plain.url.replace('http:', 'https:') })
    await expect(client.get(pod)).rejects.toThrow(/it does not speak TLS$/)
    const answer = { status: 400, text: 'Client sent an HTTP request to an HTTPS server.\n' }
    const other = await openTestCluster({ server: (await testApiServer(() => answer)).url })
    await expect(other.get(pod)).rejects.toThrow(/: Client sent an HTTP request to an HTTPS server\.$/)
  })

  it('a certificate that is none', async () => {
    const folder = await temporaryFolder({ ca: 'not PEM', key: 'not PEM either' })
    const client = await openTestCluster({
      server: 'https://127.0.0.1:1',
      'client-certificate': `${folder}/ca`,
      'client-key': `${folder}/key`,
    })
    await expect(client.get(pod)).rejects.toThrow(/a certificate or key of the kubeconfig is not valid PEM/)
  })

  it('--request-timeout', async () => {
    const server = await testApiServer(() => () => undefined)
    const client = await openTestCluster({ server: server.url, 'request-timeout': '50ms' })
    await expect(client.get(pod)).rejects.toThrow(/no answer within --request-timeout/)
  })

  it('something that is no API server', async () => {
    const server = await testApiServer(() => ({ status: 200, text: '<html>' }))
    const client = await openTestCluster({ server: server.url })
    await expect(client.get(pod)).rejects.toThrow(/did not answer with JSON when asked for pods "p"/)
  })

  it('a Ctrl-C ends what is under way', async () => {
    const interrupt = new AbortController()
    const server = await testApiServer(() => () => interrupt.abort())
    const client = await openTestCluster({ server: server.url }, { signal: interrupt.signal })
    await expect(client.get(pod)).rejects.toMatchObject({ name: 'AbortError' })
  })
})

it('compressed answers are read', async () => {
  const server = await testApiServer(() => (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(found)))
  })
  const client = await openTestCluster({ server: server.url })
  await expect(client.get(pod)).resolves.toEqual(found)
})

it('each warning is kept once', async () => {
  const warning = ['299 - "v1 is \\"old\\"", 299 - "second"', '299 - "second"']
  const server = await testApiServer(() => ({ status: 200, json: found, headers: { warning } }))
  const client = await openTestCluster({ server: server.url })
  await client.get(pod)
  await client.get(pod)
  expect([...client.warnings]).toEqual(['v1 is "old"', 'second'])
})

it('every request is logged, without headers', async () => {
  const log: RequestLogEntry[] = []
  const server = await testApiServer(() => found, { tls: true })
  const client = await openTestCluster(
    { ...secure(server.url), token: 'secret' },
    { log: (entry) => log.push(entry) },
  )
  await client.get(pod)
  expect(log).toEqual([
    {
      method: 'GET',
      url: `${server.url}/api/v1/namespaces/a/pods/p`,
      status: 200,
      milliseconds: expect.any(Number),
    },
  ])
})

it('a base path of the server is kept', async () => {
  const server = await testApiServer(() => found)
  await (await openTestCluster({ server: `${server.url}/k8s/clusters/c-1/` })).get(pod)
  expect(server.requests[0]?.url.pathname).toBe('/k8s/clusters/c-1/api/v1/namespaces/a/pods/p')
})

const secure = (server: string) => ({ server, 'certificate-authority': fixture('authority.pem') })

async function userKubeconfig(server: string, user: object): Promise<string> {
  const config = {
    'current-context': 'x',
    clusters: [{ name: 'c', cluster: secure(server) }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
  }
  return `${await temporaryFolder({ config: JSON.stringify(config) })}/config`
}

async function execKubeconfig(server: string, script: string): Promise<string> {
  const folder = await temporaryFolder({ login: `#!${process.execPath}\n${script}` })
  return userKubeconfig(server, {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: `${folder}/login`,
      interactiveMode: 'Never',
    },
  })
}

/** A transport with tokens that are used up one by one as they are rejected, and waits that pass at once. */
function testTransport(server: string, tokens: string[] = []) {
  const connection: Connection = {
    context: 'test',
    userName: '',
    server,
    cluster: { ...EMPTY_CLUSTER, server },
    user: { ...EMPTY_USER, impersonation: NOBODY },
    contextNamespace: '',
    requestTimeout: 0,
    addressNote: '',
  }
  let rejected = 0
  const rotating: CredentialSource = {
    current: async () => ({ ...ANONYMOUS, authorization: `Bearer ${tokens[rejected]}` }),
    reject: () => ++rejected < tokens.length,
  }
  const waits: number[] = []
  const options: TransportOptions = {
    userAgent: 'test',
    env: {},
    wait: async (milliseconds) => void waits.push(milliseconds),
  }
  const source = tokens.length > 0 ? rotating : fixedCredential(ANONYMOUS)
  const transport = new ApiTransport(connection, source, options)
  onTestFinished(() => transport.close())
  return { transport, waits, rejected: () => rejected }
}
