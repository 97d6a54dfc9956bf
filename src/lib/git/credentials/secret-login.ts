import type { GitTls } from '../access.ts'
import type { RepositoryUrl } from '../repository-url.ts'
import { withoutPrinting } from './git-access.ts'
import { GitCredentialError } from './git-credential-error.ts'
import { portOf } from './url-scope.ts'

/** The fields of a Secret, as Argo CD names them. */
export interface CredentialFields {
  /** '' when there is none. */
  text(name: string): string
  flag(name: string): boolean
  names(): readonly string[]
}

/** An App of GitHub that hands out short-lived tokens for one installation. */
export interface GitHubApp {
  readonly appId: string
  readonly installationId: string
  /** PEM */
  readonly privateKey: string
  /** '' for github.com. */
  readonly baseUrl: string
}

/** What a Secret says about the way to a repository. */
export interface SecretLogin {
  readonly login: /** A client certificate is all there is. */
    | { readonly kind: 'none' }
    | { readonly kind: 'basic'; readonly username: string; readonly password: string }
    | { readonly kind: 'bearer'; readonly token: string }
    | { readonly kind: 'ssh'; readonly privateKey: string }
    | ({ readonly kind: 'github-app' } & GitHubApp)
  readonly clientCertificate: Omit<GitTls, 'ca'>
  /** '' for none. */
  readonly proxy: string
  /** As NO_PROXY. */
  readonly noProxy: string
}

/** Every field by which Argo CD can log in. */
const LOGINS = [
  'password',
  'bearerToken',
  'sshPrivateKey',
  'githubAppPrivateKey',
  'gcpServiceAccountKey',
  'tlsClientCertData',
] as const
const LOCAL = 'Reach it with your own git setup instead: --git-credentials=local'
/** Hosts take any user name with a token; Argo CD sends this one, and so does GitHub's documentation. */
const TOKEN_USER = 'x-access-token'

/** Whether the Secret can log in at all; one without falls back on a credential template, as in Argo CD. */
export function holdsCredential(fields: CredentialFields): boolean {
  return LOGINS.some((name) => fields.text(name) !== '') || fields.flag('useAzureWorkloadIdentity')
}

/**
 * Reads the way to log in to `url`: an ssh key for ssh; for https a bearer token, a password or a GitHub
 * App, in Argo CD's order.
 *
 * @param source how people are told which Secret it is
 * @throws GitCredentialError
 */
export function readSecretLogin(fields: CredentialFields, url: RepositoryUrl, source: string): SecretLogin {
  const switchedOff = ['insecure', 'insecureIgnoreHostKey'].find((field) => fields.flag(field))
  if (switchedOff !== undefined) throw unsafe(switchedOff, url, source)
  const login = url.transport === 'ssh' ? sshLogin(fields, source) : httpLogin(fields, source)
  const read: SecretLogin = {
    login,
    clientCertificate: url.transport === 'ssh' ? {} : clientCertificate(fields, source),
    proxy: readProxy(fields, url, source),
    noProxy: fields.text('noProxy'),
  }
  return withoutPrinting(read, { kind: login.kind, source })
}

function sshLogin(fields: CredentialFields, source: string): SecretLogin['login'] {
  const privateKey = fields.text('sshPrivateKey')
  if (privateKey === '') throw missing(fields, source, 'no sshPrivateKey, and the address is one of ssh')
  // ssh does not take a key whose last line has no end.
  return { kind: 'ssh', privateKey: `${privateKey.replaceAll('\r\n', '\n')}\n` }
}

function httpLogin(fields: CredentialFields, source: string): SecretLogin['login'] {
  const token = oneLine(fields, 'bearerToken', source)
  if (token !== '') return { kind: 'bearer', token }
  const password = oneLine(fields, 'password', source)
  if (password !== '') {
    return { kind: 'basic', username: oneLine(fields, 'username', source) || TOKEN_USER, password }
  }
  if (fields.text('githubAppPrivateKey') !== '') return gitHubApp(fields, source)
  const foreign = fields.text('gcpServiceAccountKey') !== '' ? 'a key of a Google service account' : ''
  const azure = fields.flag('useAzureWorkloadIdentity') ? 'an Azure workload identity' : ''
  if (foreign || azure) {
    throw new GitCredentialError(`${source} logs in with ${foreign || azure}, which is not supported`, LOCAL)
  }
  if (fields.text('tlsClientCertData') !== '') return { kind: 'none' }
  throw missing(fields, source, 'no password, bearerToken or GitHub App, and the address is one of https')
}

function gitHubApp(fields: CredentialFields, source: string): SecretLogin['login'] {
  const appId = fields.text('githubAppID').trim()
  const installationId = fields.text('githubAppInstallationID').trim()
  if (!/^[A-Za-z0-9._-]+$/.test(appId)) throw missing(fields, source, 'no usable githubAppID')
  // It becomes part of a path: nothing but a number may be there.
  if (!/^[0-9]+$/.test(installationId)) throw missing(fields, source, 'no usable githubAppInstallationID')
  const privateKey = fields.text('githubAppPrivateKey')
  const baseUrl = fields.text('githubAppEnterpriseBaseUrl').trim()
  return { kind: 'github-app', appId, installationId, privateKey, baseUrl }
}

function clientCertificate(fields: CredentialFields, source: string): Omit<GitTls, 'ca'> {
  const certificate = fields.text('tlsClientCertData')
  const key = fields.text('tlsClientCertKey')
  if (certificate === '' && key === '') return {}
  if (certificate === '' || key === '') {
    const absent = certificate === '' ? 'tlsClientCertData' : 'tlsClientCertKey'
    throw missing(fields, source, `a client certificate without ${absent}`)
  }
  return { clientCertificate: certificate, clientKey: key }
}

function readProxy(fields: CredentialFields, url: RepositoryUrl, source: string): string {
  const proxy = fields.text('proxy').trim()
  if (proxy === '') return ''
  if (url.transport === 'ssh') {
    throw new GitCredentialError(`the proxy of ${source} is not supported for ssh`, LOCAL)
  }
  const known = URL.canParse(proxy) && /^(?:https?|socks5):$/.test(new URL(proxy).protocol)
  if (known && !/[\p{C}\s]/u.test(proxy)) return proxy
  throw new GitCredentialError(
    `the proxy of ${source} is no URL of a proxy`,
    'Write http://host:port or socks5://host:port',
  )
}

/** git passes logins on line by line, so that a line break would end one and begin another. */
function oneLine(fields: CredentialFields, name: string, source: string): string {
  const text = fields.text(name)
  if (!/\p{Cc}/u.test(text)) return text
  throw new GitCredentialError(
    `${name} of ${source} holds a line break or another control character`,
    'Make the Secret again with the plain value',
  )
}

function unsafe(field: string, url: RepositoryUrl, source: string): GitCredentialError {
  const { transport, host } = url
  const remedy =
    transport === 'ssh'
      ? `Add the output of ssh-keyscan -p ${portOf(url)} ${host} to ConfigMap argocd-ssh-known-hosts-cm`
      : `Add the certificate authority of ${host} to ConfigMap argocd-tls-certs-cm`
  return new GitCredentialError(
    `${source} says ${field}: true, and a host that nobody verifies is sent no credential`,
    `${remedy} and take ${field} out of the Secret, or use your own git setup: --git-credentials=local`,
  )
}

function missing(fields: CredentialFields, source: string, what: string): GitCredentialError {
  const names = fields.names().slice(0, 12).join(', ') || 'nothing'
  return new GitCredentialError(`${source} holds ${what} (it has ${names})`, `Complete the Secret. ${LOCAL}`)
}
