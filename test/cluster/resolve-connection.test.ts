import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ConnectionFlags } from '../../src/lib/cluster/connection-flags.ts'
import {
  type ClusterEntry,
  EMPTY_CLUSTER,
  EMPTY_USER,
  type ExecPlugin,
  type Kubeconfig,
  NOBODY,
  type UserEntry,
} from '../../src/lib/cluster/kubeconfig.ts'
import { resolveConnection } from '../../src/lib/cluster/resolve-connection.ts'
import { fixture } from './api-server.ts'
import { temporaryFolder } from './temporary-folder.ts'

const here = { env: {}, platform: 'linux' } as const
const exec: ExecPlugin = {
  apiVersion: 'client.authentication.k8s.io/v1',
  command: 'login',
  args: [],
  env: [],
  installHint: '',
  provideClusterInfo: false,
  interactiveMode: 'IfAvailable',
}

describe('flags over the context', () => {
  it.each<{ flags: ConnectionFlags; context: string; server: string; token: string; namespace: string }>([
    { flags: {}, context: 'dev', server: 'https://dev', token: 'jane', namespace: '' },
    { flags: { context: 'prod' }, context: 'prod', server: 'https://prod', token: 'root', namespace: 'argo' },
    { flags: { cluster: 'prod' }, context: 'dev', server: 'https://prod', token: 'jane', namespace: '' },
    { flags: { user: 'root' }, context: 'dev', server: 'https://dev', token: 'root', namespace: '' },
    {
      flags: { server: 'https://x:1/' },
      context: 'dev',
      server: 'https://x:1',
      token: 'jane',
      namespace: '',
    },
    { flags: { token: 'mine' }, context: 'dev', server: 'https://dev', token: 'mine', namespace: '' },
  ])('$flags', async ({ flags, context, server, token, namespace }) => {
    const connection = await resolveConnection(kubeconfig(), flags, here)
    expect(connection).toMatchObject({ context, server, contextNamespace: namespace })
    expect(connection.user.token).toBe(token)
  })

  it.each<{
    what: string
    flags: ConnectionFlags
    cluster: Partial<ClusterEntry>
    expected: Partial<ClusterEntry>
  }>([
    {
      what: '--insecure-skip-tls-verify drops the authority of the entry',
      flags: { 'insecure-skip-tls-verify': true },
      cluster: { certificateAuthorityData: 'YQ==' },
      expected: { insecureSkipTlsVerify: true, certificateAuthorityData: '' },
    },
    {
      what: '--certificate-authority replaces inline data and insecure',
      flags: { 'certificate-authority': fixture('authority.pem') },
      cluster: { certificateAuthorityData: 'YQ==', insecureSkipTlsVerify: true },
      expected: {
        insecureSkipTlsVerify: false,
        certificateAuthorityData: '',
        certificateAuthority: fixture('authority.pem'),
      },
    },
    {
      what: '--server clears the tls-server-name of the entry',
      flags: { server: 'https://other' },
      cluster: { tlsServerName: 'dev.test' },
      expected: { server: 'https://other', tlsServerName: '' },
    },
    {
      what: '--tls-server-name replaces it',
      flags: { 'tls-server-name': 'other.test' },
      cluster: { tlsServerName: 'dev.test' },
      expected: { tlsServerName: 'other.test' },
    },
  ])('$what', async ({ flags, cluster, expected }) => {
    const connection = await resolveConnection(kubeconfig({ cluster }), flags, here)
    expect(connection.cluster).toMatchObject(expected)
  })

  it.each<{ what: string; flags: ConnectionFlags; user: Partial<UserEntry>; expected: Partial<UserEntry> }>([
    {
      what: '--token replaces a token file too',
      flags: { token: 'mine' },
      user: { token: '', tokenFile: '/t' },
      expected: { token: 'mine', tokenFile: '' },
    },
    {
      what: '--client-certificate and --client-key replace inline data',
      flags: { 'client-certificate': fixture('client.pem'), 'client-key': fixture('client.key.pem') },
      user: { clientCertificateData: 'YQ==', clientKeyData: 'YQ==' },
      expected: { clientCertificateData: '', clientKeyData: '', clientKey: fixture('client.key.pem') },
    },
    {
      what: '--as and its companions',
      flags: { as: 'eve', 'as-uid': '7', 'as-group': ['a', 'b'], 'as-user-extra': ['k=v=1', 'k=v2'] },
      user: { impersonation: { ...NOBODY, user: 'bob', groups: ['old'] } },
      expected: {
        impersonation: { user: 'eve', uid: '7', groups: ['a', 'b'], extra: new Map([['k', ['v=1', 'v2']]]) },
      },
    },
  ])('$what', async ({ flags, user, expected }) => {
    const connection = await resolveConnection(kubeconfig({ user }), flags, here)
    expect(connection.user).toMatchObject(expected)
  })
})

describe('what does not exist is named, with what does', () => {
  it.each<[ConnectionFlags, RegExp, string]>([
    [
      { context: 'nope' },
      /context "nope" does not exist in kubeconfig \/k/,
      'Choose one that exists: dangling, dev, prod',
    ],
    [{ cluster: 'nope' }, /cluster "nope" does not exist/, 'Choose one that exists: dev, prod'],
    [{ user: 'nope' }, /user "nope" does not exist/, 'Choose one that exists: jane, root'],
    [
      { context: 'dangling' },
      /cluster "gone", which context "dangling" names,/,
      'Choose one that exists: dev, prod',
    ],
  ])('%o', async (flags, message, remedy) => {
    const resolving = resolveConnection(kubeconfig(), flags, here)
    await expect(resolving).rejects.toThrow(message)
    await expect(resolving).rejects.toMatchObject({ remedy })
  })

  it('no current context', async () => {
    const resolving = resolveConnection({ ...kubeconfig(), currentContext: '' }, {}, here)
    await expect(resolving).rejects.toThrow('no context is selected: kubeconfig /k sets no current-context')
    await expect(resolving).rejects.toMatchObject({
      remedy: 'Choose one with --context: dangling, dev, prod',
    })
  })
})

describe('what contradicts itself is refused', () => {
  it.each<[string, { cluster?: Partial<ClusterEntry>; user?: Partial<UserEntry> }, ConnectionFlags, RegExp]>([
    [
      'authority and insecure',
      { cluster: { certificateAuthorityData: 'YQ==', insecureSkipTlsVerify: true } },
      {},
      /cannot be both/,
    ],
    [
      'an authority that is not there',
      { cluster: { certificateAuthority: '/no/ca' } },
      {},
      /certificate-authority \/no\/ca cannot be read/,
    ],
    ['an unknown proxy', { cluster: { proxyUrl: 'ftp://p' } }, {}, /proxy-url/],
    ['token and password', { user: { username: 'x' } }, {}, /a token and a password: only one/],
    [
      'a certificate without its key',
      { user: { clientCertificateData: 'YQ==' } },
      {},
      /certificate without its key/,
    ],
    ['groups for nobody', {}, { 'as-group': ['g'] }, /but no user/],
    ['a pair without a key', {}, { as: 'x', 'as-user-extra': ['=v'] }, /is not key=value/],
    ['an exec plugin without a command', { user: { exec: { ...exec, command: '' } } }, {}, /has no command/],
    [
      'an exec plugin of a version that is gone',
      { user: { exec: { ...exec, apiVersion: 'client.authentication.k8s.io/v1alpha1' } } },
      {},
      /v1alpha1/,
    ],
    [
      'an exec plugin of v1 without interactiveMode',
      { user: { exec: { ...exec, interactiveMode: '' } } },
      {},
      /has no interactiveMode/,
    ],
    ['a server that is no URL', { cluster: { server: 'ftp://x' } }, {}, /not the address of an API server/],
    ['a timeout that is no duration', {}, { 'request-timeout': '5x' }, /"5x" is not a duration/],
  ])('%s', async (_, entries, flags, message) => {
    await expect(resolveConnection(kubeconfig(entries), flags, here)).rejects.toThrow(message)
  })

  it('v1beta1 plugins may leave interactiveMode out', async () => {
    const beta = { ...exec, apiVersion: 'client.authentication.k8s.io/v1beta1', interactiveMode: '' }
    await expect(resolveConnection(kubeconfig({ user: { exec: beta } }), {}, here)).resolves.toBeDefined()
  })
})

describe('without any kubeconfig', () => {
  const pod = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' }

  it('a Pod uses its service account, needing host, port and token', async () => {
    const mounted = await temporaryFolder({ token: 't', 'ca.crt': 'ca', namespace: 'tools\n' })
    const connection = await resolveConnection(nothing(), {}, { ...here, env: pod }, mounted)
    expect(connection).toMatchObject({
      context: 'in-cluster',
      server: 'https://[fd00::1]:443',
      contextNamespace: 'tools',
      cluster: { certificateAuthority: path.join(mounted, 'ca.crt') },
      user: { tokenFile: path.join(mounted, 'token') },
    })
    const elsewhere = { ...here, env: { ...pod, POD_NAMESPACE: 'mine' } }
    expect(await resolveConnection(nothing(), {}, elsewhere, mounted)).toMatchObject({
      contextNamespace: 'mine',
    })
  })

  it.each([
    ['no host in the environment', { KUBERNETES_SERVICE_PORT: '443' }, { token: 't' }],
    ['no token file', pod, {}],
  ])("%s: kubectl's default address, and the message will say why", async (_, env, files) => {
    const mounted = await temporaryFolder(files)
    expect(await resolveConnection(nothing(), {}, { ...here, env }, mounted)).toMatchObject({
      server: 'http://localhost:8080',
      addressNote: "no kubeconfig was found, so kubectl's default address was tried",
    })
  })

  it('a kubeconfig wins over the service account', async () => {
    const mounted = await temporaryFolder({ token: 't' })
    const connection = await resolveConnection(kubeconfig(), {}, { ...here, env: pod }, mounted)
    expect(connection.server).toBe('https://dev')
  })

  it('--server alone is enough', async () => {
    const connection = await resolveConnection(nothing(), { server: 'host:6443', token: 't' }, here)
    expect(connection).toMatchObject({ context: 'host:6443', server: 'http://host:6443' })
  })
})

function nothing(): Kubeconfig {
  return {
    clusters: new Map(),
    users: new Map(),
    contexts: new Map(),
    currentContext: '',
    files: [],
    warnings: [],
  }
}

function kubeconfig(
  entries: { cluster?: Partial<ClusterEntry>; user?: Partial<UserEntry> } = {},
): Kubeconfig {
  return {
    clusters: new Map([
      ['dev', { ...EMPTY_CLUSTER, server: 'https://dev', ...entries.cluster }],
      ['prod', { ...EMPTY_CLUSTER, server: 'https://prod' }],
    ]),
    users: new Map([
      ['jane', { ...EMPTY_USER, token: 'jane', ...entries.user }],
      ['root', { ...EMPTY_USER, token: 'root' }],
    ]),
    contexts: new Map([
      ['dev', { cluster: 'dev', user: 'jane', namespace: '' }],
      ['prod', { cluster: 'prod', user: 'root', namespace: 'argo' }],
      ['dangling', { cluster: 'gone', user: 'jane', namespace: '' }],
    ]),
    currentContext: 'dev',
    files: ['/k'],
    warnings: [],
  }
}
