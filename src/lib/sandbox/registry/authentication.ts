import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Who may use the registry; without one, everybody. */
export interface RegistryAuthentication {
  /** `basic` asks for the password with each request, `bearer` hands out tokens at `/token`. */
  readonly scheme: 'basic' | 'bearer'
  readonly username: string
  readonly password: string
  /** Bearer: anonymous tokens may pull. */
  readonly anonymousPull?: boolean
  /** Bearer: seconds a token lives; default 300. */
  readonly expiresIn?: number
}

/** A question of the registry: which access to which repository. */
export interface AccessRequest {
  readonly repository: string
  readonly action: 'pull' | 'push'
}

interface Token {
  readonly repositories: ReadonlySet<string>
  readonly canPush: boolean
  readonly expires: number
}

/** Checks credentials and hands out tokens, as the Distribution token specification describes. */
export class RegistryGate {
  readonly #tokens = new Map<string, Token>()
  readonly #authentication: RegistryAuthentication

  constructor(authentication: RegistryAuthentication) {
    this.#authentication = authentication
  }

  /** undefined when `header` allows it, else the `WWW-Authenticate` challenge. */
  challenge(header: string, host: string, access: AccessRequest | undefined): string | undefined {
    if (this.#authentication.scheme === 'basic') {
      return this.#isBasic(header) ? undefined : 'Basic realm="sandbox registry"'
    }
    const token = this.#tokens.get(header.replace(/^Bearer /i, ''))
    const valid = token !== undefined && token.expires > Date.now()
    const covers =
      !access || (token?.repositories.has(access.repository) && (access.action === 'pull' || token.canPush))
    if (valid && covers) return undefined
    const scope = access ? `,scope="repository:${access.repository}:${scopeOf(access.action)}"` : ''
    return `Bearer realm="http://${host}/token",service="${host}"${scope}`
  }

  /** Answers the token endpoint; undefined when the credential is wrong. */
  token(header: string, scopes: readonly string[]): { token: string; expires_in: number } | undefined {
    const known = this.#isBasic(header)
    if (!known && (header !== '' || !this.#authentication.anonymousPull)) return undefined
    const repositories = scopes.flatMap((scope) => /^repository:(.+):[a-z,*]+$/.exec(scope)?.[1] ?? [])
    const expiresIn = this.#authentication.expiresIn ?? 300
    const token = randomBytes(16).toString('base64url')
    this.#tokens.set(token, {
      repositories: new Set(repositories),
      canPush: known,
      expires: Date.now() + expiresIn * 1000,
    })
    return { token, expires_in: expiresIn }
  }

  #isBasic(header: string): boolean {
    const { username, password } = this.#authentication
    const wanted = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
    const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
    return timingSafeEqual(hash(header), hash(wanted))
  }
}

function scopeOf(action: AccessRequest['action']): string {
  return action === 'pull' ? 'pull' : 'pull,push'
}
