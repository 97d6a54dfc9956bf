import type { Connection } from './connection.ts'
import { ANONYMOUS, type Credential, type CredentialSource, fixedCredential } from './credential.ts'
import { pem } from './credential-pem.ts'
import { type ExecEnvironment, execCredentialSource } from './exec-credential.ts'
import { KubeconfigError, type UserEntry } from './kubeconfig.ts'
import { tokenFileSource } from './token-file.ts'

/**
 * Where a connection's credentials come from. All of it is read here, without @kubernetes/client-node: that
 * takes half a second to import, departs from kubectl in how it runs plugins, and its OIDC refresh is
 * broken (see oidc-credential.ts, which is imported only for kubeconfigs that need it).
 *
 * Over plain HTTP the answer is always anonymous: like client-go, never a secret in clear text.
 *
 * @throws KubeconfigError when a certificate cannot be read or the auth-provider is one kubectl dropped.
 */
export async function credentialSource(
  connection: Connection,
  environment: ExecEnvironment,
): Promise<CredentialSource> {
  if (!connection.server.startsWith('https:')) return fixedCredential(ANONYMOUS)
  const { user } = connection
  const certificate = await pem(user.clientCertificateData, user.clientCertificate, 'client-certificate')
  const key = await pem(user.clientKeyData, user.clientKey, 'client-key')
  const base: Credential = { authorization: authorization(user), certificate, key }
  if (user.tokenFile !== '') return tokenFileSource(user.tokenFile, base)
  // As in client-go, credentials that are already there win over a plugin: kubectl --token works with any context.
  if (base.authorization !== '') return fixedCredential(base)
  if (user.exec) return execCredentialSource(user.exec, connection, base, environment)
  if (user.authProvider) return authProviderSource(user, connection.userName, base, environment)
  return fixedCredential(base)
}

function authorization(user: UserEntry): string {
  if (user.token !== '') return `Bearer ${user.token}`
  if (user.username === '' && user.password === '') return ''
  return `Basic ${Buffer.from(`${user.username}:${user.password}`).toString('base64')}`
}

async function authProviderSource(
  user: UserEntry,
  userName: string,
  base: Credential,
  environment: ExecEnvironment,
): Promise<CredentialSource> {
  const provider = user.authProvider
  if (provider?.name === 'oidc') {
    const { oidcCredentialSource } = await import('./oidc-credential.ts')
    return oidcCredentialSource(provider, userName, base, environment.env)
  }
  const successor: Record<string, string> = { gcp: 'gke-gcloud-auth-plugin', azure: 'kubelogin' }
  const instead = successor[provider?.name ?? '']
  throw new KubeconfigError(
    `the auth-provider "${provider?.name}" of the kubeconfig is no longer supported, by kubectl neither`,
    instead ? `Use the exec plugin ${instead} instead` : 'Use an exec plugin instead',
  )
}
