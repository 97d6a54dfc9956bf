import type { Connection } from './connection.ts'
import { pem } from './credential-pem.ts'
import { type ExecPlugin, KubeconfigError } from './kubeconfig.ts'

/** What a plugin answered. */
export interface ExecAnswer {
  readonly token: string
  readonly certificate: string
  readonly key: string
  /** Milliseconds since 1970; Infinity when it does not expire. */
  readonly expires: number
}

/** The ExecCredential a plugin is told through KUBERNETES_EXEC_INFO: in the version it is configured for. */
export async function execInfo(plugin: ExecPlugin, connection: Connection, interactive: boolean) {
  return {
    kind: 'ExecCredential',
    apiVersion: plugin.apiVersion,
    spec: { ...(plugin.provideClusterInfo && { cluster: await clusterInfo(connection) }), interactive },
  }
}

/**
 * Reads what a plugin printed.
 *
 * @throws KubeconfigError when it is no ExecCredential of the configured version, or holds no credential.
 */
export function parseExecCredential(output: string, plugin: ExecPlugin): ExecAnswer {
  const wrong = (problem: string) =>
    new KubeconfigError(
      `the exec plugin ${plugin.command} ${problem}`,
      `Run it by hand: it should print an ExecCredential of ${plugin.apiVersion}`,
    )
  let answer: unknown
  try {
    answer = JSON.parse(output)
  } catch {
    throw wrong(output.trim() === '' ? 'printed nothing' : 'did not print JSON')
  }
  const { apiVersion, kind, status } = fields(answer)
  if (kind !== 'ExecCredential') throw wrong('did not print an ExecCredential')
  if (apiVersion !== plugin.apiVersion) {
    throw wrong(
      `answered in version ${JSON.stringify(apiVersion)}, but is configured for ${plugin.apiVersion}`,
    )
  }
  if (typeof status !== 'object' || status === null) throw wrong('answered without a status')
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = fields(status)
  const certificate = text(clientCertificateData)
  const key = text(clientKeyData)
  if ((certificate === '') !== (key === '')) throw wrong('returned only one of certificate and key')
  if (text(token) === '' && key === '') throw wrong('returned neither a token nor a certificate')
  const expires = text(expirationTimestamp) === '' ? Infinity : Date.parse(text(expirationTimestamp))
  if (Number.isNaN(expires)) throw wrong('returned an expirationTimestamp that is no date')
  return { token: text(token), certificate, key, expires }
}

async function clusterInfo({ cluster, server }: Connection) {
  const authority = await pem(
    cluster.certificateAuthorityData,
    cluster.certificateAuthority,
    'certificate-authority',
  )
  return {
    server,
    ...(cluster.tlsServerName && { 'tls-server-name': cluster.tlsServerName }),
    ...(cluster.insecureSkipTlsVerify && { 'insecure-skip-tls-verify': true }),
    ...(authority && { 'certificate-authority-data': Buffer.from(authority).toString('base64') }),
    ...(cluster.proxyUrl && { 'proxy-url': cluster.proxyUrl }),
    ...(cluster.disableCompression && { 'disable-compression': true }),
    ...(cluster.execConfig !== undefined && { config: cluster.execConfig }),
  }
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
