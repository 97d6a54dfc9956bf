import type { RepositoryPlace } from './choose-provider.ts'
import { PullRequestError } from './pull-request-error.ts'

/** A secret together with the one host it belongs to. */
export interface PullRequestCredential {
  /** `host` or `host:port`: of the repository's URL or of the API. */
  readonly host: string
  /** Personal, project or installation access token, or a password. */
  readonly token: string
  /** With it Bitbucket, Gitea and Azure DevOps are asked with basic authentication. */
  readonly username?: string
}

/**
 * The Authorization header for the API of this place, and all texts in it that must never be shown.
 *
 * @throws PullRequestError of kind `refused` when the credential belongs to another host. An API whose
 * address was given, and not derived from the repository's, needs a credential that names the API's host.
 */
export function authorizationFor(
  place: RepositoryPlace,
  credential: PullRequestCredential,
): { readonly header: string; readonly secrets: readonly string[] } {
  const host = credential.host.toLowerCase()
  const apiHost = new URL(place.api).host
  const belongs = host === apiHost || (!place.apiGiven && host === place.host)
  if (!belongs) {
    throw new PullRequestError(
      'refused',
      `the credential for ${host} is not sent to ${apiHost}`,
      `Give a credential for ${place.apiGiven ? apiHost : place.host}`,
    )
  }
  const { token, username = '' } = credential
  if (token === '' || /[^\x21-\x7e]/.test(token)) {
    throw new PullRequestError(
      'refused',
      `the token for ${host} is empty or has characters that no token has`,
      'Check for blanks and line ends around it',
    )
  }
  const basic = Buffer.from(`${username}:${token}`).toString('base64')
  return { header: headerOf(place, token, username, basic), secrets: [token, basic] }
}

function headerOf({ provider }: RepositoryPlace, token: string, username: string, basic: string): string {
  switch (provider) {
    // An installation token has no user, and a personal one says by itself whose it is.
    case 'github':
    case 'gitlab':
      return `Bearer ${token}`
    case 'gitea':
    case 'forgejo':
      return username === '' ? `token ${token}` : `Basic ${basic}`
    case 'bitbucket':
      return username === '' ? `Bearer ${token}` : `Basic ${basic}`
    // Entra ID gives JSON Web Tokens; a personal access token is the password of nobody in particular.
    case 'azure':
      return /^eyJ[^.]*\.[^.]+\.[^.]+$/.test(token) ? `Bearer ${token}` : `Basic ${basic}`
  }
}
