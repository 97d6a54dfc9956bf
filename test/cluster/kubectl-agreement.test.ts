import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { ConnectionFlags } from '../../src/lib/cluster/connection-flags.ts'
import { loadKubeconfig } from '../../src/lib/cluster/load-kubeconfig.ts'
import { resolveConnection } from '../../src/lib/cluster/resolve-connection.ts'
import { REQUIRED } from '../e2e/world/requirement.ts'
import { fixture, testApiServer } from './api-server.ts'
import { openTestCluster } from './open-test-cluster.ts'
import { temporaryFolder } from './temporary-folder.ts'

/**
 * kubectl itself decides whether we merge as it does. Where it is not required its absence is reported by the name of
 * the one test that then remains.
 */
const kubectl = spawnSync('kubectl', ['version', '--client'], { encoding: 'utf8' })
const present = kubectl.status === 0

it(
  present ? 'kubectl is there to compare with' : 'kubectl is not on PATH: agreement with it was not tested',
  () => {
    expect(present || !REQUIRED, 'kubectl is required on PATH').toBe(true)
  },
)

const files = {
  a: `
clusters: [{name: c, cluster: {server: "https://a"}}, {name: e, cluster: {server: "https://e/base"}}]
users: [{name: u, user: {token: ta}}]
contexts: [{name: x, context: {cluster: c, user: u}}, {name: e, context: {cluster: e, user: u}}]
`,
  b: `
clusters: [{name: c, cluster: {server: "https://b", tls-server-name: zz}}, {name: d, cluster: {server: "https://d"}}]
users: [{name: u, user: {token: tb, as: someone}}, {name: v, user: {username: vv, password: pw}}]
contexts:
- {name: x, context: {cluster: c, user: u, namespace: nb}}
- {name: z, context: {cluster: d, user: v, namespace: nz}}
current-context: x
`,
  c: 'current-context: z',
  json: JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'e',
    contexts: [{ name: 'x', context: { cluster: 'd', user: 'v' } }],
  }),
  empty: '',
}

describe.runIf(present)('the same context, cluster and user as kubectl', () => {
  it.each<{ list: string[]; flags?: { context?: string } }>([
    { list: ['b'] },
    { list: ['a', 'b'] },
    { list: ['b', 'a'] },
    { list: ['missing', 'a', 'b'] },
    { list: ['c', 'b', 'a'] },
    { list: ['a', 'b', 'c'] },
    { list: ['json', 'a', 'b'] },
    { list: ['a', 'json', 'b'] },
    { list: ['empty', 'a', '', 'b', 'a'] },
    { list: ['a', 'b'], flags: { context: 'z' } },
    { list: ['b', 'a'], flags: { context: 'e' } },
  ])('KUBECONFIG=$list $flags', async ({ list, flags = {} }) => {
    const HOME = await temporaryFolder(files)
    const env = {
      HOME,
      PATH: process.env['PATH'],
      KUBECONFIG: list.map((name) => name && path.join(HOME, name)).join(path.delimiter),
    }
    const options = Object.entries(flags).map(([name, value]) => `--${name}=${value}`)
    const view = JSON.parse(
      execFileSync('kubectl', ['config', 'view', '--minify', '--raw', '-o', 'json', ...options], {
        env,
        encoding: 'utf8',
      }),
    )
    const { server, 'tls-server-name': serverName = '' } = view.clusters[0].cluster
    const { token = '', username = '', as = '' } = view.users[0].user
    const kubeconfig = await loadKubeconfig({}, env)
    const connection = await resolveConnection(kubeconfig, flags, { env, platform: process.platform })
    expect(connection).toMatchObject({
      context: view['current-context'],
      server,
      contextNamespace: view.contexts[0].context.namespace ?? '',
      cluster: { tlsServerName: serverName },
      user: { token, username, impersonation: { user: as } },
    })
  })

  it.each([
    ['an unknown context', ['a'], ['--context=q']],
    ['an unknown cluster', ['b'], ['--cluster=q']],
    ['an unknown user', ['b'], ['--user=q']],
    ['a current context that no file defines', ['c', 'a'], []],
    ['groups without a user', ['b'], ['--user=v', '--as-group=g']],
  ])('%s is an error for both', async (_, list, options) => {
    const HOME = await temporaryFolder(files)
    const env = {
      HOME,
      PATH: process.env['PATH'],
      KUBECONFIG: list.map((name) => path.join(HOME, name)).join(path.delimiter),
    }
    // Port 1 is closed: whatever passes kubectl's own checks still cannot reach anything.
    const asked = spawnSync('kubectl', ['get', '--raw', '/version', '--request-timeout=1', ...options], {
      env,
      encoding: 'utf8',
    })
    expect(asked.status).not.toBe(0)
    expect(asked.stderr).toMatch(/does not exist|was not found|without impersonating/)
    const flags = Object.fromEntries(
      options.map((option) => option.replace('--', '').split('=')).map(([name, value]) => [name, value]),
    )
    const kubeconfig = await loadKubeconfig({}, env)
    const resolving = resolveConnection(
      kubeconfig,
      { ...flags, ...(flags['as-group'] && { 'as-group': [flags['as-group']] }) },
      { env, platform: process.platform },
    )
    await expect(resolving).rejects.toThrow(/does not exist|but no user/)
  })

  it.each<{ flags: ConnectionFlags }>([
    { flags: {} },
    { flags: { user: 'password' } },
    { flags: { user: 'plugin' } },
    { flags: { user: 'plugin', token: 'mine' } },
    { flags: { user: 'certificate' } },
    { flags: { user: 'both' } },
    { flags: { user: 'acting' } },
    { flags: { user: 'acting', as: 'eve' } },
    { flags: { token: 'mine' } },
    { flags: { cluster: 'plain' } },
    { flags: { cluster: 'named' } },
    { flags: { cluster: 'wrong-name', 'tls-server-name': 'api.test' } },
    { flags: { cluster: 'no-authority', 'insecure-skip-tls-verify': true } },
    { flags: { as: 'eve', 'as-uid': '7', 'as-group': ['a', 'b'] } },
    { flags: { 'client-certificate': fixture('client.pem'), 'client-key': fixture('client.key.pem') } },
  ])('the same credentials on the wire as kubectl: $flags', async ({ flags }) => {
    const pod = { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'p' } }
    const secure = await testApiServer(() => pod, { tls: true, clientCertificates: true })
    const plain = await testApiServer(() => pod)
    const authority = fixture('authority.pem')
    const HOME = await temporaryFolder({
      login: `#!${process.execPath}\nconsole.log('{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"from-plugin"}}')`,
    })
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: path.join(HOME, 'login'),
      interactiveMode: 'Never',
    }
    const jane = { 'client-certificate': fixture('client.pem'), 'client-key': fixture('client.key.pem') }
    const config = {
      'current-context': 'x',
      clusters: [
        { name: 'secure', cluster: { server: secure.url, 'certificate-authority': authority } },
        { name: 'plain', cluster: { server: plain.url } },
        { name: 'no-authority', cluster: { server: secure.url } },
        {
          name: 'named',
          cluster: { server: secure.url, 'certificate-authority': authority, 'tls-server-name': 'api.test' },
        },
        {
          name: 'wrong-name',
          cluster: { server: secure.url, 'certificate-authority': authority, 'tls-server-name': 'x.test' },
        },
      ],
      users: [
        { name: 'token', user: { token: 'abc' } },
        { name: 'password', user: { username: 'jane', password: 'pw' } },
        { name: 'plugin', user: { exec } },
        { name: 'certificate', user: jane },
        { name: 'both', user: { ...jane, token: 'abc' } },
        {
          name: 'acting',
          user: { token: 'abc', as: 'bob', 'as-groups': ['g'], 'as-user-extra': { 'a/B': ['1', '2'] } },
        },
      ],
      contexts: [{ name: 'x', context: { cluster: 'secure', user: 'token' } }],
    }
    const kubeconfig = path.join(HOME, 'config')
    await writeFile(kubeconfig, JSON.stringify(config))
    const options = Object.entries(flags).flatMap(([name, value]) =>
      [value].flat().map((one) => `--${name}=${one}`),
    )
    const url = '/api/v1/namespaces/a/pods/p'
    await promisify(execFile)('kubectl', ['get', '--raw', url, `--kubeconfig=${kubeconfig}`, ...options], {
      env: { HOME, PATH: process.env['PATH'] },
    })
    const client = await openTestCluster({ kubeconfig, ...flags })
    await client.get({ group: '', version: 'v1', resource: 'pods', namespace: 'a', name: 'p' })
    // Some builds of kubectl ask for /version first.
    const asked = [...secure.requests, ...plain.requests].filter((request) => request.url.pathname === url)
    const [theirs, ours] = asked.map(({ rawHeaders, clientName }) => ({
      clientName,
      identity: rawHeaders
        .flatMap((name, index) =>
          index % 2 === 0 ? [`${name.toLowerCase()}: ${rawHeaders[index + 1]}`] : [],
        )
        .filter((header) => /^(?:authorization|impersonate-)/.test(header))
        .toSorted(),
    }))
    expect(asked).toHaveLength(2)
    expect(ours).toEqual(theirs)
  })
})
