import { KubeConfig } from '@kubernetes/client-node'
import type { Credential, CredentialSource } from './credential.ts'
import { type AuthProvider, KubeconfigError } from './kubeconfig.ts'

/**
 * The legacy OIDC auth-provider, through @kubernetes/client-node: the id-token while it is valid, then a
 * new one by the refresh-token. Import this file only when a kubeconfig asks for it.
 *
 * @throws KubeconfigError from `current` when there is no valid token and none can be had.
 */
export function oidcCredentialSource(provider: AuthProvider, base: Credential): CredentialSource {
  const client = new KubeConfig()
  // The server is never asked: client-node only fills in the headers.
  client.loadFromClusterAndUser(
    { name: 'cluster', server: 'https://localhost', skipTLSVerify: false },
    { name: 'user', authProvider: { name: provider.name, config: { ...provider.config } } },
  )
  return {
    async current() {
      const options: { headers?: Record<string, string | string[] | undefined> } = { headers: {} }
      try {
        await client.applyToHTTPSOptions(options as Parameters<KubeConfig['applyToHTTPSOptions']>[0])
      } catch (error) {
        throw unusable(error instanceof Error ? error.message : String(error), error)
      }
      const authorization = options.headers?.['Authorization']
      if (typeof authorization !== 'string') throw unusable('it has no token that is valid or can be renewed')
      return { ...base, authorization }
    },
    reject: () => false,
  }
}

function unusable(why: string, cause?: unknown): KubeconfigError {
  return new KubeconfigError(
    `the oidc auth-provider of the kubeconfig gives no credential: ${why}`,
    'Log in again with the program that wrote the kubeconfig, or use an exec plugin such as kubectl oidc-login',
    { cause },
  )
}
