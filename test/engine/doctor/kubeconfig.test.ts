import { beforeAll, describe, expect, it } from 'vitest'
import type { Connection } from '../../../src/lib/cluster/connection.ts'
import type { ConnectionFlags } from '../../../src/lib/cluster/connection-flags.ts'
import { EMPTY_CLUSTER, EMPTY_USER, NOBODY, type UserEntry } from '../../../src/lib/cluster/kubeconfig.ts'
import { mergeKubeconfigs } from '../../../src/lib/cluster/load-kubeconfig.ts'
import { kubeconfigCheck, namespaceFinding } from '../../../src/lib/engine/doctor/kubeconfig.ts'
import { selfSignedCertificate } from '../../../src/lib/sandbox/certificate.ts'

const SERVER = 'https://api.example.com'
const EMPTY = mergeKubeconfigs([])
const KUBECONFIG = { ...EMPTY, currentContext: 'prod', files: ['/home/ann/.kube/config'] }

function connection(user: Partial<UserEntry> = {}, more: Partial<Connection> = {}): Connection {
  return {
    addressNote: '',
    cluster: { ...EMPTY_CLUSTER, server: SERVER },
    context: 'prod',
    contextNamespace: '',
    requestTimeout: 0,
    server: SERVER,
    user: { ...EMPTY_USER, ...user },
    userName: 'ann',
    ...more,
  }
}

async function lines(
  chosen: Connection,
  {
    flags = {},
    kubeconfig = KUBECONFIG,
    now = new Date(),
  }: { flags?: ConnectionFlags; kubeconfig?: typeof EMPTY; now?: Date } = {},
): Promise<string[]> {
  const check = kubeconfigCheck(Promise.resolve({ connection: chosen, kubeconfig }), flags, () => now)
  const found = await check.run(new AbortController().signal)
  return found.map(({ state, message, remedy }) => `${state}: ${message}${remedy && ` → ${remedy}`}`)
}

describe('the context', () => {
  it('is told with its file, its server, and what chose it', async () => {
    const [first] = await lines(connection())
    expect(first).toBe(
      'ok: context prod (current-context) of /home/ann/.kube/config: https://api.example.com',
    )
    const [flagged] = await lines(connection(), { flags: { context: 'prod' } })
    expect(flagged).toContain('context prod (--context) of')
  })

  it('is a warning when the address is a guess', async () => {
    const guessed = {
      addressNote: 'no kubeconfig was found, so kubectl’s default address was tried',
      server: 'http://localhost:8080',
    }
    const [first] = await lines(connection({}, guessed), { kubeconfig: EMPTY })
    expect(first).toMatch(
      /^warn: http:\/\/localhost:8080: no kubeconfig was found.* → .*KUBECONFIG; .* sandbox$/,
    )
  })

  it('comes with what is wrong with the files', async () => {
    const warnings = ['no kubeconfig found: KUBECONFIG names /nowhere, which does not exist']
    const [first] = await lines(connection(), { kubeconfig: { ...KUBECONFIG, warnings } })
    expect(first).toBe(`warn: ${warnings[0]}`)
  })
})

describe('the credential', () => {
  const exec = {
    apiVersion: '',
    args: ['--secret'],
    command: 'aws',
    env: [],
    installHint: '',
    interactiveMode: '',
    provideClusterInfo: false,
  }

  it.each<[string, Partial<UserEntry>, string]>([
    ['a token', { token: 's3cret' }, 'a token'],
    ['a token file', { tokenFile: '/run/token' }, 'the token file /run/token'],
    ['a password', { password: 's3cret', username: 'ann' }, 'a user name and password'],
    ['an exec plugin', { exec }, 'exec plugin aws'],
    ['a token before a plugin', { exec, token: 's3cret' }, 'a token'],
    [
      'OIDC',
      { authProvider: { config: { 'id-token': 's3cret' }, file: '', name: 'oidc' } },
      'auth-provider oidc',
    ],
    ['nothing', {}, 'none (anonymous)'],
    [
      'an impersonated user',
      { impersonation: { ...NOBODY, user: 'bob' }, token: 's3cret' },
      'a token, acting as bob',
    ],
  ])('%s', async (_, user, kind) => {
    const told = await lines(connection(user))
    expect(told[1]).toBe(`ok: credential: ${kind}`)
    expect(told.join('\n')).not.toMatch(/s3cret|--secret/)
  })

  it('is sent to nobody over plain http', async () => {
    const told = await lines(connection({ token: 's3cret' }, { server: 'http://localhost:8001' }))
    expect(told[1]).toBe('ok: credential: none (nothing is sent over plain http)')
  })
})

describe('a client certificate', () => {
  const DAY = 24 * 3_600_000
  let user: Partial<UserEntry>
  let ends: number
  beforeAll(async () => {
    const { certificate } = selfSignedCertificate()
    const { X509Certificate } = await import('node:crypto')
    ends = new X509Certificate(certificate).validToDate.getTime()
    user = { clientCertificateData: Buffer.from(certificate).toString('base64') }
  })

  it.each([
    [20 * DAY, /^ok: the client certificate is good until \d{4}-\d\d-\d\d \(20 days\)$/],
    [13 * DAY, /^warn: the client certificate is good until .* \(13 days\) → /],
    [-1, /^fail: the client certificate expired on .* → Have a new one issued/],
  ])('that has %d ms left', async (left, line) => {
    const told = await lines(connection(user), { now: new Date(ends - left) })
    expect(told.slice(1)).toEqual(['ok: credential: a client certificate', expect.stringMatching(line)])
  })

  it('that cannot be read is told when it is used', async () => {
    const torn = { clientCertificateData: Buffer.from('torn').toString('base64') }
    expect(await lines(connection(torn))).toHaveLength(2)
  })
})

it.each([
  ['argocd', 'context', 'namespace argocd (the context names it)'],
  ['argocd', 'flag', 'namespace argocd (--namespace)'],
  ['', 'flag', 'all namespaces (--all-namespaces)'],
  ['argocd', 'default argocd', 'namespace argocd (the context names none, and argocd exists)'],
  ['default', 'default', 'namespace default (the context names none, and there is no argocd to be seen)'],
] as const)('the namespace "%s" by %s', (namespace, namespaceSource, message) => {
  expect(namespaceFinding({ context: 'prod', namespace, namespaceSource, server: SERVER }).message).toBe(
    message,
  )
})
