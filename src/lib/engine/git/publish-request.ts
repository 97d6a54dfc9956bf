import { UserError } from '../../errors.ts'
import type { FoundGitAccess } from '../../git/credentials/git-access.ts'
import { parseRepositoryUrl } from '../../git/repository-url.ts'
import type { GoTemplate } from '../../gotemplate/template.ts'
import { chooseProvider, type ProviderName } from '../../pull-requests/choose-provider.ts'
import type { PullRequestCredential } from '../../pull-requests/credential.ts'
import { openPullRequests } from '../../pull-requests/open-provider.ts'
import type { AutoMerge } from '../../pull-requests/pull-request.ts'
import type { PullRequestSurroundings } from '../../pull-requests/surroundings.ts'
import type { DescribedApplication } from '../../writeback/git/described-change.ts'
import { pullRequestLabels } from '../../writeback/git/pull-request-labels.ts'
import { pullRequestText } from '../../writeback/git/pull-request-text.ts'

/** What the operator wants of pull requests, beside what rules say. */
export interface RequestOptions {
  readonly labels: readonly string[]
  readonly reviewers: readonly string[]
  readonly draft: boolean
  readonly autoMerge: AutoMerge
  /** Tokens for APIs by host of the service, lower case: `github.com`. */
  readonly tokens: ReadonlyMap<string, string>
  readonly surroundings: PullRequestSurroundings
}

/** Where a pull request is made, and with what. */
export interface RequestPlace {
  readonly url: string
  readonly access: FoundGitAccess
  readonly service: ProviderName
}

/** One pull request of one target. */
export interface RequestedChange extends RequestPlace {
  readonly labels: readonly string[]
  readonly head: string
  readonly base: string
  readonly targetKey: string
  readonly applications: readonly DescribedApplication[]
  /** The operator's own text; absent: one that names what changes. */
  readonly template?: GoTemplate | undefined
}

/**
 * Whether the service can have the repository, and there is something to log in with; nothing is asked.
 *
 * @throws UserError
 */
export function checkRequest(place: RequestPlace, { tokens }: Pick<RequestOptions, 'tokens'>): void {
  credentialOf(place, tokens)
}

/**
 * Opens the pull request of a pushed branch, or brings the open one up to date, and closes those that it
 * takes the place of.
 *
 * @returns its URL, and what was wished for and could not be done
 * @throws UserError; the branch is pushed all the same
 */
export async function publishRequest(
  change: RequestedChange,
  { autoMerge, draft, labels, reviewers, surroundings, tokens }: RequestOptions,
): Promise<{ readonly url: string; readonly notes: readonly string[] }> {
  const place = chooseProvider(change.url, change.service)
  const provider = await openPullRequests(place, credentialOf(change, tokens), surroundings)
  try {
    const { body, title } = pullRequestText(change.applications, change.template)
    const published = await provider.openOrUpdate({
      autoMerge,
      base: change.base,
      body,
      draft,
      head: change.head,
      labels: pullRequestLabels([...change.labels, ...labels]),
      reviewers,
      targetKey: change.targetKey,
      title,
    })
    const superseded = published.superseded.map(({ number }) => number)
    if (superseded.length > 0) await provider.closeSuperseded(superseded, `Superseded by ${published.url}`)
    return { notes: published.notes, url: published.url }
  } finally {
    await provider.close()
  }
}

/**
 * The operator's own token first; a password that git uses over https is often one too. Whoever names a repository
 * must not choose who gets the token: it goes to the host that the operator gave it for.
 */
function credentialOf(
  { access, service, url }: RequestPlace,
  tokens: RequestOptions['tokens'],
): PullRequestCredential {
  const place = chooseProvider(url, service)
  const token = tokens.get(place.host.toLowerCase())
  if (token) return { host: place.host, token }
  const { host, port } = parseRepositoryUrl(url)
  const authority = port === 0 ? host : `${host}:${port}`
  if (access.kind === 'basic') return { host: authority, token: access.password, username: access.username }
  if (access.kind === 'bearer') return { host: authority, token: access.token }
  throw new UserError(
    `${access.source} is no login for the API of ${place.host}, by which pull requests are made`,
    `Name the environment variable that holds a token: --pull-request-token-env ${place.host}=NAME`,
  )
}
