import { createHash } from 'node:crypto'
import { UserError } from '../../errors.ts'
import { gitHubAppJwt } from './github-app-jwt.ts'
import type { InstallationToken, TokenRoute } from './github-token-request.ts'
import type { GitHubApp } from './secret-login.ts'

/** What making a token depends on. */
export interface TokenSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly userAgent: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** GitHub hands out no token. Never repeats what was sent. */
export class GitHubAppError extends UserError {}

/** Milliseconds before its end at which a token is renewed. */
const MARGIN = 60_000
/** A request that failed is not made again for every repository, milliseconds. */
const FAILURE_STANDS = 60_000

interface Asked {
  readonly at: number
  readonly token: Promise<InstallationToken>
}

/** Tokens of GitHub Apps, kept as long as they last: an installation is asked once an hour. */
export class GitHubAppTokens {
  readonly #surroundings: TokenSurroundings
  readonly #asked = new Map<string, Asked>()

  constructor(surroundings: TokenSurroundings) {
    this.#surroundings = surroundings
  }

  /**
   * @param app with the address of its API as `baseUrl`, already checked to belong to the repository
   * @param source how people are told which Secret it is
   * @throws GitCredentialError, GitHubAppError
   */
  async token(app: GitHubApp, route: TokenRoute, source: string): Promise<string> {
    const key = keyOf(app, route)
    const before = this.#asked.get(key)
    if (before && (await this.#stands(before))) return (await before.token).value
    // Somebody else may have asked while this one waited.
    const meanwhile = this.#asked.get(key)
    if (meanwhile && meanwhile !== before) return (await meanwhile.token).value
    const token = this.#ask(app, route, source)
    this.#asked.set(key, { at: this.#surroundings.now(), token })
    return (await token).value
  }

  async #stands({ at, token }: Asked): Promise<boolean> {
    const { now } = this.#surroundings
    return token.then(
      ({ expiresAt }) => expiresAt - MARGIN > now(),
      () => at + FAILURE_STANDS > now(),
    )
  }

  async #ask(app: GitHubApp, route: TokenRoute, source: string): Promise<InstallationToken> {
    const { env, userAgent, now } = this.#surroundings
    const jwt = gitHubAppJwt(app.appId, app.privateKey, now(), source)
    const url = new URL(`${app.baseUrl}/app/installations/${app.installationId}/access_tokens`)
    const { requestToken } = await import('./github-token-request.ts')
    const answer = await requestToken({ url, jwt, env, userAgent, ...route })
    if ('value' in answer) return answer
    throw new GitHubAppError(
      `GitHub App ${app.appId} of ${source}: ${url.host} ${answer.trouble}`,
      answer.remedy,
    )
  }
}

function keyOf({ baseUrl, appId, installationId, privateKey }: GitHubApp, { proxy }: TokenRoute): string {
  const key = createHash('sha256').update(privateKey).update('\0').update(proxy).digest('base64')
  return [baseUrl, appId, installationId, key].join(' ')
}
