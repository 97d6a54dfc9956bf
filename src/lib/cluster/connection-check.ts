import { access, constants } from 'node:fs/promises'
import type { Connection } from './connection.ts'
import { KubeconfigError, type UserEntry } from './kubeconfig.ts'

const PROXY_SCHEMES = new Set(['http:', 'https:', 'socks5:'])
const EXEC_API_VERSIONS = new Set(['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'])

/**
 * Refuses what client-go's validation refuses: contradicting trust or credentials, files that cannot be
 * read, an incomplete exec plugin, impersonation without a user. Better here, in one clear line, than as a
 * puzzling answer from the server.
 *
 * @throws KubeconfigError for the first such finding.
 */
export async function checkConnection(connection: Connection, clusterName: string): Promise<void> {
  const { cluster, user } = connection
  const where = clusterName === '' ? connection.server : `cluster "${clusterName}"`
  const hasAuthority = cluster.certificateAuthority !== '' || cluster.certificateAuthorityData !== ''
  if (cluster.insecureSkipTlsVerify && hasAuthority) {
    throw new KubeconfigError(
      `${where} has a certificate authority and insecure-skip-tls-verify: it cannot be both`,
      'Keep the certificate authority and remove insecure-skip-tls-verify',
    )
  }
  const proxy = cluster.proxyUrl === '' ? undefined : URL.parse(cluster.proxyUrl)
  if (proxy === null || (proxy && !PROXY_SCHEMES.has(proxy.protocol))) {
    throw new KubeconfigError(
      `the proxy-url of ${where} is not a proxy this program knows`,
      'Write an http://, https:// or socks5:// URL',
    )
  }
  checkUser(user, connection.userName)
  const files: [string, string, boolean][] = [
    ['certificate-authority', cluster.certificateAuthority, cluster.certificateAuthorityData === ''],
    ['client-certificate', user.clientCertificate, user.clientCertificateData === ''],
    ['client-key', user.clientKey, user.clientKeyData === ''],
  ]
  for (const [field, file, used] of files) if (file !== '' && used) await checkReadable(field, file)
}

function checkUser(user: UserEntry, name: string): void {
  const who = name === '' ? 'the flags' : `user "${name}"`
  const methods = [
    user.token !== '' || user.tokenFile !== '' ? 'a token' : '',
    user.username !== '' || user.password !== '' ? 'a password' : '',
  ].filter((method) => method !== '')
  if (methods.length > 1) {
    throw new KubeconfigError(
      `${who} has ${methods.join(' and ')}: only one is allowed`,
      'Remove one of them',
    )
  }
  const hasCertificate = user.clientCertificate !== '' || user.clientCertificateData !== ''
  const hasKey = user.clientKey !== '' || user.clientKeyData !== ''
  if (hasCertificate !== hasKey) {
    throw new KubeconfigError(
      `${who} has a client ${hasCertificate ? 'certificate without its key' : 'key without its certificate'}`,
      'Give both --client-certificate and --client-key, or both fields of the kubeconfig',
    )
  }
  if (user.exec) checkExecPlugin(user, who)
  const { impersonation } = user
  if (
    impersonation.user === '' &&
    (impersonation.uid !== '' || impersonation.groups.length > 0 || impersonation.extra.size > 0)
  ) {
    throw new KubeconfigError(
      'a uid, group or extra is to be impersonated, but no user',
      'Name the user with --as',
    )
  }
}

function checkExecPlugin(user: UserEntry, who: string): void {
  const { exec } = user
  if (!exec) return
  const fault = (problem: string, remedy: string) =>
    new KubeconfigError(`the exec plugin of ${who} ${problem}`, remedy)
  if (user.authProvider) throw fault('stands beside an auth-provider', 'Remove the auth-provider')
  if (exec.command === '') throw fault('has no command', 'Add the command to run')
  if (!EXEC_API_VERSIONS.has(exec.apiVersion)) {
    throw fault(
      exec.apiVersion === '' ? 'has no apiVersion' : `has apiVersion "${exec.apiVersion}"`,
      'Set apiVersion: client.authentication.k8s.io/v1 (most programs write it on "update-kubeconfig")',
    )
  }
  if (exec.env.some((variable) => variable.name === ''))
    throw fault('has a variable without a name', 'Name it')
  const modes = ['Never', 'IfAvailable', 'Always']
  const optional = exec.apiVersion.endsWith('/v1beta1') && exec.interactiveMode === ''
  if (!optional && !modes.includes(exec.interactiveMode)) {
    throw fault(
      exec.interactiveMode === ''
        ? 'has no interactiveMode'
        : `has interactiveMode "${exec.interactiveMode}"`,
      `Set it to one of ${modes.join(', ')}`,
    )
  }
}

async function checkReadable(field: string, file: string): Promise<void> {
  try {
    await access(file, constants.R_OK)
  } catch (error) {
    throw new KubeconfigError(
      `${field} ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      'Correct the path in the kubeconfig or the flag',
      { cause: error },
    )
  }
}
