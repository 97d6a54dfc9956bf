import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fixture, type SeenRequest, type TestApiServer, testApiServer } from '../cluster/api-server.ts'
import { connectProxy, socksProxy } from '../cluster/proxies.ts'
import { temporaryFolder } from '../cluster/temporary-folder.ts'
import { type Finished, operatorEnvironment, startPlugin } from './world/plugin.ts'

// The whole program against a server that is real on the wire: what a runtime may do in its own way.

const NO_APPLICATIONS = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'ApplicationList',
  metadata: {},
  items: [],
}
/** The same server to a caller that shows no certificate and no token. */
const NOBODY = {
  status: 401,
  json: { kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' },
}

const knows = (request: SeenRequest) =>
  request.clientName !== '' || request.headers.authorization === 'Bearer good'

const openServer = () =>
  testApiServer((request) => (knows(request) ? NO_APPLICATIONS : NOBODY), {
    tls: true,
    clientCertificates: true,
  })

interface Way {
  readonly cluster?: object
  readonly user: object
  /** Programs beside the kubeconfig. */
  readonly files?: Readonly<Record<string, string>>
}

/** Runs `list` for this cluster and user. */
async function list(server: TestApiServer, { cluster, user, files = {} }: Way): Promise<Finished> {
  const config = {
    'current-context': 'x',
    clusters: [{ name: 'c', cluster: { server: server.url, ...(cluster ?? TRUSTED) } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
  }
  const home = await temporaryFolder({ ...files, kubeconfig: JSON.stringify(config) })
  return startPlugin(['list'], { env: operatorEnvironment(home, join(home, 'kubeconfig')) }).finished
}

const base64 = (name: string) => readFileSync(fixture(name)).toString('base64')
const TRUSTED = { 'certificate-authority-data': base64('authority.pem') }
const CERTIFICATE = { 'client-certificate': fixture('client.pem'), 'client-key': fixture('client.key.pem') }

/** A login program that prints what `status` says, a JavaScript expression. */
const login = (status: string) => `#!${process.execPath}
const { readFileSync } = require('node:fs')
const { apiVersion } = JSON.parse(process.env.KUBERNETES_EXEC_INFO)
console.log(JSON.stringify({ apiVersion, kind: 'ExecCredential', status: ${status} }))
`
const execUser = {
  exec: { apiVersion: 'client.authentication.k8s.io/v1', command: './login', interactiveMode: 'Never' },
}
const read = (name: string) => `readFileSync(${JSON.stringify(fixture(name))}, 'utf8')`
const issued = login(
  `{ clientCertificateData: ${read('client.pem')}, clientKeyData: ${read('client.key.pem')} }`,
)

describe('a server with an authority of its own', () => {
  it.for<[string, Way, string]>([
    ['client certificate in files', { user: CERTIFICATE }, 'jane'],
    [
      'client certificate in the kubeconfig',
      {
        user: {
          'client-certificate-data': base64('client.pem'),
          'client-key-data': base64('client.key.pem'),
        },
      },
      'jane',
    ],
    ['client certificate from a login program', { user: execUser, files: { login: issued } }, 'jane'],
    ['token', { user: { token: 'good' } }, ''],
    ['token from a login program', { user: execUser, files: { login: login("{ token: 'good' }") } }, ''],
    [
      'authority in a file, and another name of the server',
      {
        cluster: { 'certificate-authority': fixture('authority.pem'), 'tls-server-name': 'api.test' },
        user: CERTIFICATE,
      },
      'jane',
    ],
  ])('knows the operator by %s', async ([, way, name]) => {
    const server = await openServer()
    expect(await list(server, way)).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error') })
    expect(server.requests.length).toBeGreaterThan(0)
    expect(server.requests.every(({ clientName }) => clientName === name)).toBe(true)
  })

  it('is asked over one connection, not one a request', async () => {
    const server = await openServer()
    await list(server, { user: CERTIFICATE })
    expect(server.requests.length).toBeGreaterThan(1)
    expect(server.connections()).toBe(1)
  })

  it.for<[string, Way, RegExp]>([
    ['its authority is not known', { cluster: {}, user: CERTIFICATE }, /authority that is not trusted/],
    [
      'another authority is named',
      { cluster: { 'certificate-authority-data': base64('client.pem') }, user: CERTIFICATE },
      /authority that is not trusted/,
    ],
    [
      'it is another server',
      { cluster: { ...TRUSTED, 'tls-server-name': 'other.test' }, user: CERTIFICATE },
      /certificate is for another name/,
    ],
  ])('is told nothing when %s', async ([, way, reason]) => {
    const server = await openServer()
    const { code, stdout, stderr } = await list(server, way)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^error: [^\n]+\n$/)
    expect(stderr).toMatch(reason)
    expect(server.requests).toEqual([])
  })

  it('refuses whoever shows nothing', async () => {
    const server = await openServer()
    const { code, stderr } = await list(server, { user: {} })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error: Unauthorized[^\n]*\n$/)
  })
})

describe('a server behind a proxy', () => {
  it.for([
    ['http', connectProxy],
    ['socks5', socksProxy],
  ] as const)(
    'of the kind %s sees the operator, and the proxy sees nothing',
    async ([scheme, startProxy]) => {
      const [server, proxy] = [await openServer(), await startProxy()]
      const cluster = { ...TRUSTED, 'proxy-url': `${scheme}://127.0.0.1:${proxy.port}` }
      expect(await list(server, { cluster, user: CERTIFICATE })).toMatchObject({ code: 0 })
      expect(proxy.tunnels).toEqual([new URL(server.url).host])
      expect(server.requests[0]?.clientName).toBe('jane')
    },
  )
})

describe('an identity provider with an authority of its own', () => {
  it('renews a token that has expired', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const token = (claims: object) => `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`
    const now = Math.floor(Date.now() / 1000)
    const server = await testApiServer(
      ({ url, headers }) => {
        const iss = `https://${headers.host}`
        const id = token({ iss, aud: 'client', sub: 'jane', iat: now, exp: now + 600 })
        if (url.pathname === '/.well-known/openid-configuration')
          return { issuer: iss, token_endpoint: `${iss}/token`, authorization_endpoint: iss, jwks_uri: iss }
        if (url.pathname === '/token') return { access_token: 'x', token_type: 'bearer', id_token: id }
        return headers.authorization === `Bearer ${id}` ? NO_APPLICATIONS : NOBODY
      },
      { tls: true },
    )
    const config = {
      'idp-issuer-url': server.url,
      'idp-certificate-authority': fixture('authority.pem'),
      'client-id': 'client',
      'client-secret': 'secret',
      'id-token': token({ exp: 1 }),
      'refresh-token': 'refresh',
    }
    const user = { 'auth-provider': { name: 'oidc', config } }
    expect(await list(server, { user })).toMatchObject({ code: 0 })
    expect(server.requests.map(({ url }) => url.pathname)).toContain('/token')
  })
})
