import { GitError } from '../git-error.ts'
import { parseRepositoryUrl, type RepositoryUrl } from '../repository-url.ts'
import { GitCredentialError } from './git-credential-error.ts'
import { isSameRepository, liesUnder, scopeLength } from './url-scope.ts'

/** What says for which repositories something is. */
export interface Scope {
  /** `template`: for all under the URL. */
  readonly role: 'repository' | 'template'
  readonly url: string
  /** '' for Applications of every AppProject. */
  readonly project: string
}

export interface RepositoryMatch<Found extends Scope> {
  readonly repository?: Found
  /** The one with the longest URL. */
  readonly template?: Found
}

/**
 * Chooses what is meant for a repository, as Argo CD does: the entry of this URL and the template with the
 * longest URL above it. What belongs to the Application's AppProject goes before what belongs to all, and
 * what belongs to another AppProject is not seen. An entry whose URL cannot be read is for nothing.
 *
 * @throws GitCredentialError when the repository's own path cannot be compared
 */
export function matchRepository<Found extends Scope>(
  entries: readonly Found[],
  repository: RepositoryUrl,
  project: string,
): RepositoryMatch<Found> {
  scopeLength(repository)
  const usable = entries
    .filter((entry) => entry.project === '' || entry.project === project)
    .map((entry) => ({ entry, url: readable(entry.url) }))
    .filter((each): each is Scoped<Found> => each.url !== undefined)
    .sort((a, b) => rank(b) - rank(a))
  const found = usable.find(
    ({ entry, url }) => entry.role === 'repository' && isSameRepository(repository, url),
  )
  const [template] = usable
    .filter(({ entry, url }) => entry.role === 'template' && liesUnder(repository, url))
    .sort((a, b) => scopeLength(b.url) - scopeLength(a.url))
  return { ...(found && { repository: found.entry }), ...(template && { template: template.entry }) }
}

/** Whether a repository lies under one of these URLs. @throws GitCredentialError as above */
export function liesUnderAny(repository: RepositoryUrl, prefixes: readonly string[]): boolean {
  scopeLength(repository)
  return prefixes.some((text) => {
    const prefix = readable(text)
    return prefix !== undefined && liesUnder(repository, prefix)
  })
}

interface Scoped<Found> {
  readonly entry: Found
  readonly url: RepositoryUrl
}

function rank({ entry }: Scoped<Scope>): number {
  return entry.project === '' ? 0 : 1
}

/** The URL of an entry: `https://host` and `git@host:` alone, which cover a whole host, are fine here. */
function readable(text: string): RepositoryUrl | undefined {
  const host = /^(?:[a-z]+:\/\/[^/]+|[^/]+@[^/:]+:)(?=\/*$)/i.exec(text.trim())?.[0]
  try {
    const url = parseRepositoryUrl(host === undefined ? text : `${host}${host.endsWith(':') ? '' : '/'}any`)
    const scope = host === undefined ? url : { ...url, path: '' }
    scopeLength(scope)
    return scope
  } catch (error) {
    if (error instanceof GitError || error instanceof GitCredentialError) return undefined
    throw error
  }
}
