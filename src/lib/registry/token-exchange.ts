import type { Send } from './bounded.ts'
import type { Clock } from './clock.ts'
import type { Credential } from './credentials/credential.ts'
import { LIMITS } from './limits.ts'
import { RegistryError, type RequestSubject } from './registry-error.ts'
import type { HttpRequest } from './transport.ts'

/** A bearer token and how long to use it, in milliseconds since the epoch. */
export interface BearerToken {
  readonly value: string
  readonly expiresAt: number
}

/** What to ask a token server for. */
export interface TokenRequest {
  /** Already checked address. */
  readonly realm: URL
  readonly service: string
  readonly scopes: readonly string[]
  readonly credential: Credential
  readonly subject: RequestSubject
}

/** Seconds a token lives when its server does not say (Distribution token specification). */
const DEFAULT_LIFETIME = 60
/** Seconds by which a token is renewed early, at most; a quarter of a short life. */
const MARGIN = 30

/**
 * Asks a token server for a bearer token: GET, with Basic for a password; POST with grant_type
 * refresh_token for an identity token (Distribution token and OAuth2 specifications).
 *
 * @throws RegistryError of kind `unauthorized` when the credential is refused, else as the layers below.
 */
export async function exchangeToken(send: Send, clock: Clock, wanted: TokenRequest): Promise<BearerToken> {
  const askedAt = clock.now()
  const response = await send(tokenRequest(wanted))
  if (response.status === 401 || response.status === 403) throw refused(wanted, response.status)
  if (response.status !== 200) {
    const what = `the token server ${wanted.realm.host} answered HTTP ${response.status}`
    const kind = response.status >= 500 ? 'unreachable' : 'unauthorized'
    throw new RegistryError(kind, wanted.subject, what, { status: response.status })
  }
  const answer = parseAnswer(response.body, wanted)
  const lifetime = answer.expiresIn ?? DEFAULT_LIFETIME
  const seconds = lifetime - Math.min(MARGIN, lifetime / 4)
  return { value: answer.token, expiresAt: askedAt + seconds * 1000 }
}

function tokenRequest(wanted: TokenRequest): HttpRequest {
  const { realm, service, scopes, credential, subject } = wanted
  const common = { bodyLimit: LIMITS.tokenBytes, subject }
  if (credential.kind === 'identity-token') {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      service,
      scope: scopes.join(' '),
      client_id: 'kubectl-image-updater',
      refresh_token: credential.token,
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
    return { ...common, method: 'POST', url: realm, headers, body: form.toString() }
  }
  const url = new URL(realm)
  if (service !== '') url.searchParams.set('service', service)
  for (const scope of scopes) url.searchParams.append('scope', scope)
  const headers: Record<string, string> = { accept: 'application/json' }
  if (credential.kind === 'password') {
    url.searchParams.set('account', credential.username)
    headers['authorization'] = basicAuthorization(credential)
  }
  return { ...common, method: 'GET', url, headers }
}

/** The value of an Authorization header for a user name and password (RFC 7617). */
export function basicAuthorization(credential: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString('base64')}`
}

function parseAnswer(body: Buffer, wanted: TokenRequest): { token: string; expiresIn: number | undefined } {
  const malformed = () =>
    new RegistryError(
      'malformed',
      wanted.subject,
      `the token server ${wanted.realm.host} sent no usable token`,
    )
  let answer: unknown
  try {
    answer = JSON.parse(body.toString('utf8'))
  } catch {
    throw malformed()
  }
  if (typeof answer !== 'object' || answer === null) throw malformed()
  const fields = answer as Record<string, unknown>
  const token = fields['token'] || fields['access_token']
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw malformed()
  const expires = fields['expires_in']
  return { token, expiresIn: typeof expires === 'number' && expires > 0 ? expires : undefined }
}

function refused(wanted: TokenRequest, status: number): RegistryError {
  const { credential, subject, realm } = wanted
  if (credential.kind === 'anonymous') {
    return new RegistryError('unauthorized', subject, `${realm.host} gives no anonymous access`, {
      status,
      remedy: loginRemedy(subject.registry, credential),
    })
  }
  return new RegistryError(
    'unauthorized',
    subject,
    `${realm.host} refuses the login from ${credential.source}`,
    {
      status,
      remedy: loginRemedy(subject.registry, credential),
    },
  )
}

/** How to get a working credential, in place of one that was refused or where there was none. */
export function loginRemedy(registry: string, { kind }: Credential): string {
  return `Log in${kind === 'anonymous' ? '' : ' again'} with: docker login ${registry}`
}
