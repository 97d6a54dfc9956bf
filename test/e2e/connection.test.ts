import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fixture, type SeenRequest, type TestApiServer, testApiServer } from '../cluster/api-server.ts'
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
