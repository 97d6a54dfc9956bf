import { type CustomFetch, customFetch, discovery, refreshTokenGrant } from 'openid-client'
import { Agent, type Dispatcher, fetch, ProxyAgent } from 'undici'
import type { Surroundings } from './connection-flags.ts'
import type { Credential, CredentialSource } from './credential.ts'
import { pem } from './credential-pem.ts'
import { type AuthProvider, KubeconfigError } from './kubeconfig.ts'
import { proxyFromEnvironment } from './proxy-environment.ts'
import { saveAuthProvider } from './save-auth-provider.ts'

/** A token this close to its end is renewed first, in seconds. */
const EXPIRY_SKEW = 10

/**
 * The legacy OIDC auth-provider: the id-token while it is valid, then a new one by the refresh-token. Like
 * kubectl, new tokens are written back to the kubeconfig: where refresh-tokens work only once, kubectl could
 * not log in any more otherwise. Import this file only when a kubeconfig asks for it.
 *
 * Not through @kubernetes/client-node, whose refresh cannot work in 2.0.1: it hands openid-client the issuer
 * as text and, with an authority of its own, an object that only resembles a Response; and it takes the new
 * token's lifetime for its end. openid-client, which it builds on, does it right.
 *
 * @param userName whose entry in the kubeconfig this is.
 * @throws KubeconfigError from `current` when there is no valid token and none can be had.
 */
export function oidcCredentialSource(
  provider: AuthProvider,
  userName: string,
  base: Credential,
  env: Surroundings['env'],
): CredentialSource {
  let held: { credential: Credential; expires: number } | undefined
  let config = provider.config
  let running: Promise<Credential> | undefined

  async function renew(): Promise<Credential> {
    const next = await refreshed(config, env)
    const before = config
    config = next
    const token = next['id-token'] ?? ''
    const credential = { ...base, authorization: `Bearer ${token}` }
    held = { credential, expires: expiryOf(token) }
    if (next !== before) {
      await saveAuthProvider(provider.file, userName, {
        'id-token': next['id-token'] ?? '',
        'refresh-token': next['refresh-token'] ?? '',
      })
    }
    return credential
  }

  return {
    async current() {
      if (held && Date.now() / 1000 < held.expires - EXPIRY_SKEW) return held.credential
      running ??= renew().finally(() => {
        running = undefined
      })
      return running
    },
    reject: () => false,
  }
}

/** The provider's settings with an id-token that is valid now: the one it has, or one fresh from the issuer. */
async function refreshed(
  config: AuthProvider['config'],
  env: Surroundings['env'],
): Promise<AuthProvider['config']> {
  if (Date.now() / 1000 < expiryOf(config['id-token'] ?? '') - EXPIRY_SKEW) return config
  const issuer = URL.parse(config['idp-issuer-url'] ?? '')
  const clientId = config['client-id'] ?? ''
  const refreshToken = config['refresh-token'] ?? ''
  if (issuer === null || clientId === '' || refreshToken === '') {
    throw unusable('it has no token that is valid or can be renewed')
  }
  const authority = await pem(
    config['idp-certificate-authority-data'] ?? '',
    config['idp-certificate-authority'] ?? '',
    'idp-certificate-authority',
  )
  const tls = authority === '' ? {} : { ca: authority }
  const proxy = proxyFromEnvironment(issuer.href, env)
  const dispatcher =
    proxy === '' ? new Agent({ connect: tls }) : new ProxyAgent({ uri: proxy, requestTls: tls })
  try {
    const options = { [customFetch]: fetchThrough(dispatcher) }
    const client = await discovery(issuer, clientId, config['client-secret'], undefined, options)
    const tokens = await refreshTokenGrant(client, refreshToken)
    if (tokens.id_token === undefined) throw unusable('its issuer renewed everything but the id-token')
    return { ...config, 'id-token': tokens.id_token, 'refresh-token': tokens.refresh_token ?? refreshToken }
  } catch (error) {
    if (error instanceof KubeconfigError) throw error
    throw unusable(error instanceof Error ? error.message : String(error), error)
  } finally {
    await dispatcher.close()
  }
}

/** fetch over a given pool; openid-client accepts Node's own Response only, which undici's package is not. */
function fetchThrough(dispatcher: Dispatcher): CustomFetch {
  return async (url, { body, headers, method, redirect, signal }) => {
    const answer = await fetch(url, {
      body: body === undefined || body === null ? null : String(body),
      headers,
      method,
      redirect,
      signal: signal ?? null,
      dispatcher,
    })
    return new Response(await answer.text(), { status: answer.status, headers: [...answer.headers] })
  }
}

/** When a JSON Web Token ends, in seconds since 1970; 0 when it does not say. */
function expiryOf(token: string): number {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    const { exp } = claims as { exp?: unknown }
    return typeof exp === 'number' ? exp : 0
  } catch {
    return 0
  }
}

function unusable(why: string, cause?: unknown): KubeconfigError {
  return new KubeconfigError(
    `the oidc auth-provider of the kubeconfig gives no credential: ${why}`,
    'Log in again with the program that wrote the kubeconfig, or use an exec plugin such as kubectl oidc-login',
    { cause },
  )
}
