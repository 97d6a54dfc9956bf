import { type RepositoryUrl, withoutUserinfo } from '../repository-url.ts'
import { GitCredentialError } from './git-credential-error.ts'
import { portOf } from './url-scope.ts'

const PUBLIC = 'https://api.github.com'

/**
 * The API that hands out tokens for a repository: api.github.com for github.com; for others the base URL of
 * the Secret, which must be of the repository's own host or of `api.` before it (GitHub Enterprise with data
 * residency). A token of one host is never sent to another.
 *
 * @param baseUrl '' for github.com
 * @returns without a slash at its end
 * @throws GitCredentialError
 */
export function gitHubApi(baseUrl: string, repository: RepositoryUrl, source: string): string {
  const refuse = (why: string) =>
    new GitCredentialError(
      `the GitHub App of ${source} is not used for ${withoutUserinfo(repository.href)}: ${why}`,
      `Correct githubAppEnterpriseBaseUrl, such as https://${repository.host}/api/v3`,
    )
  if (repository.transport !== 'https') throw refuse('its tokens are sent by https only')
  const text = baseUrl || PUBLIC
  if (!URL.canParse(text)) throw refuse('its base URL is no URL')
  const url = new URL(text)
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.search !== '') {
    throw refuse('its base URL must be plain https')
  }
  const port = url.port === '' ? 443 : Number(url.port)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const own = (host === repository.host || host === `api.${repository.host}`) && port === portOf(repository)
  if (!own) throw refuse(`its tokens are of ${url.host}`)
  return url.href.replace(/\/+$/, '')
}
