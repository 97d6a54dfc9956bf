import { stringify } from 'yaml'
import { EXTENSION_NAME, type ServerAccess } from '../../../src/lib/sandbox/index.ts'

/** The name of the only context. */
export const CONTEXT = 'end-to-end'

/** A kubeconfig for `access` that allows registries on plain HTTP, as the sandbox writes it for its users. */
export function kubeconfigOf(
  access: ServerAccess,
  namespace: string,
  plainHttpRegistries: readonly string[],
): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const user =
    access.token === undefined
      ? {
          'client-certificate-data': base64(access.clientCertificate ?? ''),
          'client-key-data': base64(access.clientKey ?? ''),
        }
      : { token: access.token }
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': CONTEXT,
    clusters: [
      {
        name: 'cluster',
        cluster: {
          server: access.server,
          'certificate-authority-data': base64(access.certificateAuthority),
          extensions: [{ name: EXTENSION_NAME, extension: { plainHttpRegistries } }],
        },
      },
    ],
    users: [{ name: 'operator', user }],
    contexts: [{ name: CONTEXT, context: { cluster: 'cluster', user: 'operator', namespace } }],
  })
}
