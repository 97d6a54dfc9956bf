import type { HttpResponse, Send } from './bounded.ts'
import { type Challenge, parseChallenges } from './challenge.ts'
import type { Clock } from './clock.ts'
import { type Credential, credentialKey } from './credentials/credential.ts'
import { checkRealm, type RealmRules } from './realm.ts'
import { singleFlight } from './single-flight.ts'
import { type BearerToken, basicAuthorization, exchangeToken } from './token-exchange.ts'
import type { HttpRequest } from './transport.ts'

interface Bearer {
  readonly kind: 'bearer'
  readonly realm: string
  readonly service: string
}

/** How a registry wants to be asked, as its first 401 told. */
type Scheme = Bearer | { readonly kind: 'basic' }

/**
 * Answers a registry's challenges with one credential at a time. Learns from the first 401 how a registry
 * wants to be asked and spares the question afterwards; bearer tokens are kept per realm, service, scopes
 * and account until shortly before they expire.
 */
export class Authentication {
  readonly #next: Send
  readonly #clock: Clock
  readonly #rules: RealmRules
  readonly #schemes = new Map<string, Scheme>()
  readonly #scopes = new Map<string, Set<string>>()
  readonly #tokens = new Map<string, BearerToken>()
  readonly #exchange = singleFlight<BearerToken>()

  constructor(next: Send, clock: Clock, rules: RealmRules) {
    this.#next = next
    this.#clock = clock
    this.#rules = rules
  }

  /**
   * Sends the request as `credential`; on a 401 answers the challenge and sends once more. An answer that
   * is still a 401 is returned as it is. A challenge from another origin than the one asked is left alone:
   * nothing there has a claim to this credential.
   */
  async send(request: HttpRequest, credential: Credential): Promise<HttpResponse> {
    const known = this.#schemes.get(request.url.origin)
    const attempt = known ? await this.#authorize(request, known, credential) : request
    const first = await this.#next(attempt)
    if (first.status !== 401 || first.url.origin !== request.url.origin) return first
    const challenge = this.#learn(request, first.headers['www-authenticate'] ?? '')
    if (challenge === undefined) return first
    if (challenge.kind === 'basic' && (credential.kind !== 'password' || known?.kind === 'basic'))
      return first
    return this.#next(await this.#authorize(request, challenge, credential, attempt.headers['authorization']))
  }

  /** Remembers what a challenge asks for; undefined when it asks for nothing this program can do. */
  #learn(request: HttpRequest, header: string): Scheme | undefined {
    const challenges = parseChallenges(header)
    const bearer = challenges.find((each) => each.scheme === 'bearer' && each.parameters['realm'])
    const basic = challenges.some((each) => each.scheme === 'basic')
    const scheme: Scheme | undefined = bearer ? bearerOf(bearer) : basic ? { kind: 'basic' } : undefined
    if (scheme === undefined) return undefined
    this.#schemes.set(request.url.origin, scheme)
    const scopes = this.#scopesOf(request)
    for (const scope of bearer?.parameters['scope']?.split(' ') ?? []) {
      if (scope !== '' && scopes.size < 8) scopes.add(scope)
    }
    return scheme
  }

  async #authorize(
    request: HttpRequest,
    scheme: Scheme,
    credential: Credential,
    rejected?: string,
  ): Promise<HttpRequest> {
    if (scheme.kind === 'basic') {
      return credential.kind === 'password' ? authorized(request, basicAuthorization(credential)) : request
    }
    const token = await this.#token(request, scheme, credential, rejected)
    return authorized(request, bearerAuthorization(token))
  }

  async #token(
    request: HttpRequest,
    bearer: Bearer,
    credential: Credential,
    rejected: string | undefined,
  ): Promise<BearerToken> {
    const { subject } = request
    const secret = credential.kind !== 'anonymous'
    const realm = checkRealm(bearer.realm, request.url.origin, secret, this.#rules, subject)
    const scopes = [...this.#scopesOf(request)].sort()
    const key = [
      request.url.origin,
      realm.href,
      bearer.service,
      scopes.join(' '),
      credentialKey(credential),
    ].join('\n')
    const kept = this.#tokens.get(key)
    const usable = kept && kept.expiresAt > this.#clock.now() && bearerAuthorization(kept) !== rejected
    if (usable) return kept
    return this.#exchange(key, async () => {
      const token = await exchangeToken(this.#next, this.#clock, {
        realm,
        service: bearer.service,
        scopes,
        credential,
        subject,
      })
      this.#tokens.set(key, token)
      return token
    })
  }

  /** Scopes asked for a repository: to pull it, and what its challenges added (some registries want more to list). */
  #scopesOf(request: HttpRequest): Set<string> {
    const key = `${request.url.origin}\n${request.subject.repository}`
    const known = this.#scopes.get(key)
    if (known) return known
    const scopes = new Set([`repository:${request.subject.repository}:pull`])
    this.#scopes.set(key, scopes)
    return scopes
  }
}

function bearerOf(challenge: Challenge): Bearer {
  const { realm = '', service = '' } = challenge.parameters
  return { kind: 'bearer', realm, service }
}

function bearerAuthorization(token: BearerToken): string {
  return `Bearer ${token.value}`
}

function authorized(request: HttpRequest, authorization: string): HttpRequest {
  return { ...request, headers: { ...request.headers, authorization } }
}
