import { X509Certificate } from 'node:crypto'
import type { Connection } from './connection.ts'
import { pem } from './credential-pem.ts'

/** How somebody proves who they are to an API server; never a value. */
export interface CredentialDescription {
  /** In words: `exec plugin aws`, `a token`, `a client certificate`. */
  readonly kind: string
  /** Until when the client certificate is good; undefined where none is used or it cannot be read. */
  readonly certificateExpiry: Date | undefined
}

/**
 * Tells which of the credentials of a kubeconfig is used, with client-go's precedence (see
 * credential-source.ts): a token file, a token or password, an exec plugin, an auth-provider, a client
 * certificate.
 *
 * @throws KubeconfigError when the file of the client certificate cannot be read
 */
export async function describeCredential(connection: Connection): Promise<CredentialDescription> {
  const { user, server } = connection
  if (!server.startsWith('https:')) {
    return { kind: 'none (nothing is sent over plain http)', certificateExpiry: undefined }
  }
  const certificate = await pem(user.clientCertificateData, user.clientCertificate, 'client-certificate')
  const kinds = [bearer(connection), certificate === '' ? '' : 'a client certificate'].filter(Boolean)
  const impersonated = user.impersonation.user && `, acting as ${user.impersonation.user}`
  return {
    kind: `${kinds.join(' and ') || 'none (anonymous)'}${impersonated}`,
    certificateExpiry: expiryOf(certificate),
  }
}

function bearer({ user }: Connection): string {
  if (user.tokenFile !== '') return `the token file ${user.tokenFile}`
  if (user.token !== '') return 'a token'
  if (user.username !== '' || user.password !== '') return 'a user name and password'
  if (user.exec) return `exec plugin ${user.exec.command}`
  if (user.authProvider) return `auth-provider ${user.authProvider.name}`
  return ''
}

function expiryOf(certificate: string): Date | undefined {
  try {
    return certificate === '' ? undefined : new X509Certificate(certificate).validToDate
  } catch {
    // What is wrong with it is told when it is used.
    return undefined
  }
}
