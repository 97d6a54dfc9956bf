import { execFileSync, spawnSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadKubeconfig } from '../../src/lib/cluster/load-kubeconfig.ts'
import { resolveConnection } from '../../src/lib/cluster/resolve-connection.ts'
import { temporaryFolder } from './temporary-folder.ts'

/**
 * kubectl itself decides whether we merge as it does. In CI it must be there; elsewhere its absence is
 * reported by the name of the one test that then remains.
 */
const kubectl = spawnSync('kubectl', ['version', '--client'], { encoding: 'utf8' })
const present = kubectl.status === 0

it(
  present ? 'kubectl is there to compare with' : 'kubectl is not on PATH: agreement with it was not tested',
  () => {
    expect(present || process.env['CI'] !== 'true', 'CI needs kubectl on PATH').toBe(true)
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
})
