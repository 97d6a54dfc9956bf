import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SecretFields } from '../../../src/lib/cluster/secret-fields.ts'
import { holdsCredential, readSecretLogin } from '../../../src/lib/git/credentials/secret-login.ts'
import { parseRepositoryUrl } from '../../../src/lib/git/repository-url.ts'
import { secretData } from '../../engine/credential-world.ts'

const fieldsOf = (fields: Record<string, string>) =>
  new SecretFields({ metadata: { name: 'creds' }, data: secretData(fields) })
const HTTPS = parseRepositoryUrl('https://git.example.com/team/shop')
const SSH = parseRepositoryUrl('ssh://git@git.example.com:2222/team/shop')
const read = (fields: Record<string, string>, url = HTTPS) =>
  readSecretLogin(fieldsOf(fields), url, 'Secret argocd/creds')
const APP = { githubAppID: '12', githubAppInstallationID: '34', githubAppPrivateKey: 'key' }

describe('the login in a Secret', () => {
  it.each<[what: string, fields: Record<string, string>, url: typeof HTTPS, login: object]>([
    [
      'is a password',
      { username: 'me', password: 'pw' },
      HTTPS,
      { kind: 'basic', username: 'me', password: 'pw' },
    ],
    [
      'ends before the last line break',
      { username: 'me\n', password: 'pw\r\n' },
      HTTPS,
      { kind: 'basic', username: 'me', password: 'pw' },
    ],
    [
      'has the user name for tokens where there is none',
      { password: 'pw' },
      HTTPS,
      { kind: 'basic', username: 'x-access-token', password: 'pw' },
    ],
    [
      'is a bearer token before a password',
      { bearerToken: 't', password: 'pw' },
      HTTPS,
      { kind: 'bearer', token: 't' },
    ],
    [
      'is an ssh key for ssh',
      { sshPrivateKey: 'k', password: 'pw' },
      SSH,
      { kind: 'ssh', privateKey: 'k\n' },
    ],
    ['is a password for https', { sshPrivateKey: 'k', password: 'pw' }, HTTPS, { kind: 'basic' }],
    ['has line ends as ssh wants them', { sshPrivateKey: 'a\r\nb\r\n' }, SSH, { privateKey: 'a\nb\n' }],
    [
      'is a GitHub App',
      APP,
      HTTPS,
      { kind: 'github-app', appId: '12', installationId: '34', privateKey: 'key', baseUrl: '' },
    ],
    [
      'is a client certificate alone',
      { tlsClientCertData: 'c', tlsClientCertKey: 'k' },
      HTTPS,
      { kind: 'none' },
    ],
  ])('%s', (_, fields, url, login) => {
    expect(read(fields, url).login).toMatchObject(login)
    expect(holdsCredential(fieldsOf(fields))).toBe(true)
  })

  it('comes with a client certificate and a proxy', () => {
    const fields = {
      password: 'pw',
      tlsClientCertData: 'c',
      tlsClientCertKey: 'k',
      proxy: 'http://proxy:3128',
    }
    expect(read({ ...fields, noProxy: '.internal' })).toMatchObject({
      clientCertificate: { clientCertificate: 'c', clientKey: 'k' },
      proxy: 'http://proxy:3128',
      noProxy: '.internal',
    })
  })

  it('is none where there are only addresses', () => {
    expect(holdsCredential(fieldsOf({ url: 'https://x', username: 'me', insecure: 'true' }))).toBe(false)
  })
})

describe('a Secret is refused', () => {
  it.each<[fields: Record<string, string>, url: typeof HTTPS, problem: string, remedy: string]>([
    [
      { password: 'pw', insecure: 'true' },
      HTTPS,
      'Secret argocd/creds says insecure: true',
      'argocd-tls-certs-cm',
    ],
    [
      { sshPrivateKey: 'k', insecure: 'True' },
      SSH,
      'that nobody verifies',
      'ssh-keyscan -p 2222 git.example.com',
    ],
    [
      { sshPrivateKey: 'k', insecureIgnoreHostKey: 'true' },
      SSH,
      'insecureIgnoreHostKey: true',
      '--git-credentials=local',
    ],
    [
      { gcpServiceAccountKey: '{}' },
      HTTPS,
      'key of a Google service account, which is not supported',
      'local',
    ],
    [{ useAzureWorkloadIdentity: 'true' }, HTTPS, 'an Azure workload identity', '--git-credentials=local'],
    [{ sshPrivateKey: 'k' }, HTTPS, 'holds no password, bearerToken or GitHub App', 'Complete the Secret'],
    [{ password: 'pw' }, SSH, 'holds no sshPrivateKey', 'Complete the Secret'],
    [{}, SSH, '(it has nothing)', 'Complete the Secret'],
    [{ username: 'me' }, HTTPS, '(it has username)', 'Complete the Secret'],
    [{ ...APP, githubAppID: '' }, HTTPS, 'no usable githubAppID', 'Complete'],
    [
      { ...APP, githubAppInstallationID: '../../user' },
      HTTPS,
      'no usable githubAppInstallationID',
      'Complete',
    ],
    [{ password: 'pw', tlsClientCertData: 'c' }, HTTPS, 'without tlsClientCertKey', 'Complete'],
    [{ password: 'pw', tlsClientCertKey: 'c' }, HTTPS, 'without tlsClientCertData', 'Complete'],
    [{ password: 'pw', proxy: 'file:///etc/passwd' }, HTTPS, 'is no URL of a proxy', 'http://host:port'],
    [{ password: 'pw', proxy: 'http://a b' }, HTTPS, 'is no URL of a proxy', 'http://host:port'],
    [{ sshPrivateKey: 'k', proxy: 'socks5://p:1' }, SSH, 'not supported for ssh', '--git-credentials=local'],
    [
      { username: 'me', password: 'pw\nhost=evil.net' },
      HTTPS,
      'password of Secret argocd/creds holds a line break',
      'again',
    ],
    [{ username: 'me\nx', password: 'pw' }, HTTPS, 'username of Secret', 'again'],
    [{ bearerToken: 'a\r\nX-Evil: 1' }, HTTPS, 'bearerToken of Secret', 'again'],
  ])('%j', (fields, url, problem, remedy) => {
    const error = expect.objectContaining({
      message: expect.stringContaining(problem),
      remedy: expect.stringContaining(remedy),
    })
    expect(() => read(fields, url)).toThrow(error)
  })
})

describe('what a Secret holds is not printed', () => {
  const fields = { username: 'me', password: 'hidden-word', proxy: 'http://u:hidden-word@proxy:1' }
  const login = read(fields)

  it.each<[what: string, value: unknown]>([
    ['the login', login],
    ['a copy', { ...login, more: 1 }],
    ['what holds one', { deep: [{ login }] }],
    ['the fields', fieldsOf(fields)],
  ])('%s', (_, value) => {
    const printed = `${inspect(value, { depth: 9, showHidden: true })} ${JSON.stringify(value)}`
    expect(printed).not.toContain('hidden-word')
  })

  it('but where it is from', () => {
    expect(inspect(login)).toBe("{ kind: 'basic', source: 'Secret argocd/creds' }")
  })
})
