import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { KubeconfigError } from '../../src/lib/cluster/kubeconfig.ts'
import { loadKubeconfig } from '../../src/lib/cluster/load-kubeconfig.ts'
import { temporaryFolder } from './temporary-folder.ts'

const first = `
current-context: blue
clusters: [{name: c, cluster: {server: "https://first"}}]
users: [{name: u, user: {token: first}}]
contexts: [{name: blue, context: {cluster: c, user: u}}]
`
const second = `
current-context: green
clusters:
- {name: c, cluster: {server: "https://second", tls-server-name: second.test}}
- {name: d, cluster: {server: "https://only-second"}}
users: [{name: u, user: {token: second, tokenFile: t}}]
contexts:
- {name: blue, context: {cluster: d, user: u, namespace: second}}
- {name: green, context: {cluster: d, user: u}}
`

describe('a KUBECONFIG list', () => {
  it('skips files that are missing', async () => {
    const folder = await temporaryFolder({ first, second })
    const kubeconfig = await loadKubeconfig({}, list(folder, 'missing', 'first', 'also-missing'))
    expect(kubeconfig.clusters.get('c')?.server).toBe('https://first')
    expect(kubeconfig.files).toEqual([path.join(folder, 'first')])
    expect(kubeconfig.warnings).toEqual([])
  })

  it('of only missing files is empty, with a warning that names them', async () => {
    const folder = await temporaryFolder()
    const kubeconfig = await loadKubeconfig({}, list(folder, 'missing', 'also-missing'))
    expect(kubeconfig.contexts.size).toBe(0)
    expect(kubeconfig.warnings).toHaveLength(1)
    expect(kubeconfig.warnings[0]).toContain(path.join(folder, 'also-missing'))
  })

  it('gives each name to the first file that defines it, whole entries', async () => {
    const folder = await temporaryFolder({ first, second })
    const { clusters, users, contexts } = await loadKubeconfig({}, list(folder, 'first', 'second'))
    expect(clusters.get('c')).toMatchObject({ server: 'https://first', tlsServerName: '' })
    expect(clusters.get('d')?.server).toBe('https://only-second')
    expect(users.get('u')).toMatchObject({ token: 'first', tokenFile: '' })
    expect(contexts.get('blue')).toEqual({ cluster: 'c', user: 'u', namespace: '' })
    expect([...contexts.keys()].toSorted()).toEqual(['blue', 'green'])
  })

  it.each([
    { files: ['first', 'second'], current: 'blue' },
    { files: ['second', 'first'], current: 'green' },
    { files: ['none', 'second', 'first'], current: 'green' },
  ])('takes the current context of the first file that sets one: $files', async ({ files, current }) => {
    const folder = await temporaryFolder({ first, second, none: 'contexts: []' })
    expect((await loadKubeconfig({}, list(folder, ...files))).currentContext).toBe(current)
  })

  it('may repeat a file and hold empty parts', async () => {
    const folder = await temporaryFolder({ first })
    const { files } = await loadKubeconfig({}, list(folder, 'first', '', 'first'))
    expect(files).toEqual([path.join(folder, 'first')])
  })

  it('is split at semicolons on Windows, where a colon belongs to a drive', async () => {
    const folder = await temporaryFolder({ first, second })
    const kubeconfig = await loadKubeconfig(
      {},
      { KUBECONFIG: `${path.join(folder, 'second')};${path.join(folder, 'first')};C:\\no\\such\\file` },
      'win32',
    )
    expect(kubeconfig.currentContext).toBe('green')
    expect(kubeconfig.files).toHaveLength(2)
  })
})

describe('--kubeconfig', () => {
  it('reads only that file, whatever KUBECONFIG says', async () => {
    const folder = await temporaryFolder({ first, second })
    const kubeconfig = await loadKubeconfig(
      { kubeconfig: path.join(folder, 'second') },
      list(folder, 'first'),
    )
    expect(kubeconfig.files).toEqual([path.join(folder, 'second')])
  })

  it('must exist', async () => {
    const folder = await temporaryFolder()
    await expect(loadKubeconfig({ kubeconfig: path.join(folder, 'x') }, {})).rejects.toThrow(
      /x does not exist \(--kubeconfig\)/,
    )
  })
})

describe('without KUBECONFIG', () => {
  it('~/.kube/config is read', async () => {
    const HOME = await temporaryFolder({ '.kube/config': first })
    expect((await loadKubeconfig({}, { HOME, KUBECONFIG: '' }, 'linux')).currentContext).toBe('blue')
  })

  it('nothing there is no error and no warning', async () => {
    const HOME = await temporaryFolder()
    expect(await loadKubeconfig({}, { HOME }, 'linux')).toMatchObject({ files: [], warnings: [] })
  })
})

describe('relative paths', () => {
  const relative = `
clusters: [{name: c, cluster: {certificate-authority: pki/ca.pem}}]
users:
- {name: files, user: {client-certificate: a.pem, client-key: ../b.pem, tokenFile: /abs/token}}
- {name: local, user: {exec: {command: ./bin/login}}}
- {name: on-path, user: {exec: {command: login}}}
`
  it('belong to the file they are written in, exec commands with a slash too', async () => {
    const folder = await temporaryFolder({ 'sub/config': relative })
    const { clusters, users } = await loadKubeconfig({}, list(folder, 'sub/config'), 'linux')
    expect(clusters.get('c')?.certificateAuthority).toBe(path.join(folder, 'sub/pki/ca.pem'))
    expect(users.get('files')).toMatchObject({
      clientCertificate: path.join(folder, 'sub/a.pem'),
      clientKey: path.join(folder, 'b.pem'),
      tokenFile: '/abs/token',
    })
    expect(users.get('local')?.exec?.command).toBe(path.join(folder, 'sub/bin/login'))
    expect(users.get('on-path')?.exec?.command).toBe('login')
  })

  it('know backslashes and drives on Windows', async () => {
    const folder = await temporaryFolder({
      config: String.raw`users: [{name: u, user: {client-key: 'D:\keys\k.pem', exec: {command: 'bin\login.exe'}}}]`,
    })
    const { users } = await loadKubeconfig({ kubeconfig: path.join(folder, 'config') }, {}, 'win32')
    expect(users.get('u')?.clientKey).toBe('D:\\keys\\k.pem')
    expect(users.get('u')?.exec?.command).toMatch(/\\bin\\login\.exe$/)
  })
})

describe('every field', () => {
  it('is read from YAML as from JSON', async () => {
    const user = {
      username: 'jane',
      password: 'secret',
      as: 'admin',
      'as-uid': '42',
      'as-groups': ['a', 'b'],
      'as-user-extra': { reason: ['r1', 'r2'] },
      'auth-provider': { name: 'oidc', config: { 'client-id': 'x' } },
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: 'login',
        args: ['--cluster', 'x'],
        env: [{ name: 'A', value: 'b' }],
        installHint: 'brew install login',
        provideClusterInfo: true,
        interactiveMode: 'Always',
      },
    }
    const extensions = [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'x' } }]
    const json = JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'https://c', 'proxy-url': 'socks5://p', extensions } }],
      users: [{ name: 'u', user }],
    })
    const folder = await temporaryFolder({ json })
    const { clusters, users } = await loadKubeconfig({}, list(folder, 'json'))
    expect(clusters.get('c')).toMatchObject({ proxyUrl: 'socks5://p', execConfig: { audience: 'x' } })
    expect(users.get('u')).toMatchObject({
      username: 'jane',
      password: 'secret',
      impersonation: {
        user: 'admin',
        uid: '42',
        groups: ['a', 'b'],
        extra: new Map([['reason', ['r1', 'r2']]]),
      },
      authProvider: { name: 'oidc', config: { 'client-id': 'x' } },
      exec: user.exec,
    })
  })

  it.each([['true'], ['yes'], ['on']])('a flag may be written %s, as kubectl reads YAML', async (word) => {
    const folder = await temporaryFolder({
      config: `clusters: [{name: c, cluster: {insecure-skip-tls-verify: ${word}}}]`,
    })
    const { clusters } = await loadKubeconfig({}, list(folder, 'config'))
    expect(clusters.get('c')?.insecureSkipTlsVerify).toBe(true)
  })
})

describe('a broken file is one clear line that names file and place', () => {
  it.each([
    ['no YAML', 'clusters: [', /config is not valid YAML/],
    ['no mapping', 'hello', /the file must be a mapping, not a string/],
    ['a mapping for a list', 'clusters: {a: b}', /clusters must be a list, not a mapping/],
    [
      'a number for text',
      'users: [{name: u, user: {token: 123}}]',
      /users\[0\]\.user\.token must be text, not a number/,
    ],
    ['one name twice', 'contexts: [{name: a}, {name: a}]', /names context "a" twice/],
    [
      'a word for a flag',
      'clusters: [{name: c, cluster: {insecure-skip-tls-verify: maybe}}]',
      /true or false/,
    ],
  ])('%s', async (_, config, message) => {
    const folder = await temporaryFolder({ config })
    const loading = loadKubeconfig({}, list(folder, 'config'))
    await expect(loading).rejects.toThrow(message)
    await expect(loading).rejects.toBeInstanceOf(KubeconfigError)
    await expect(loading).rejects.not.toThrow(/123/)
  })

  it('a file of absurd size is not read to its end', async () => {
    const folder = await temporaryFolder({ config: '#'.repeat(17 * 1024 * 1024) })
    await expect(loadKubeconfig({}, list(folder, 'config'))).rejects.toThrow(/larger than 16 MiB/)
  })

  it('a folder in the list is an error, as in kubectl', async () => {
    const folder = await temporaryFolder()
    await expect(loadKubeconfig({}, { KUBECONFIG: folder })).rejects.toThrow(/cannot be read: it is a folder/)
  })
})

function list(folder: string, ...names: string[]): { KUBECONFIG: string } {
  return { KUBECONFIG: names.map((name) => name && path.join(folder, name)).join(path.delimiter) }
}
