import type { RepositoryUrl } from '../repository-url.ts'
import { GitCredentialError } from './git-credential-error.ts'

export const DEFAULT_PORTS: Readonly<Record<RepositoryUrl['transport'], number>> = {
  https: 443,
  http: 80,
  ssh: 22,
}

/**
 * Whether a repository lies under a URL prefix: the same transport, host and port, for ssh the same user,
 * and whole parts of the path, so that `/team-a` does not cover `/team-ab`. The case of paths and an ending
 * `.git` do not count, as for Argo CD. The user of an https address is no one's: Azure DevOps puts a name there.
 *
 * @throws GitCredentialError for a path that a server may read otherwise than it is written
 */
export function liesUnder(repository: RepositoryUrl, prefix: RepositoryUrl): boolean {
  const parts = pathParts(repository)
  return sameServer(repository, prefix) && pathParts(prefix).every((part, index) => part === parts[index])
}

/** Whether both are one repository, by the rules of {@link liesUnder}. @throws GitCredentialError */
export function isSameRepository(a: RepositoryUrl, b: RepositoryUrl): boolean {
  return liesUnder(a, b) && pathParts(a).length === pathParts(b).length
}

/** How much of a path a prefix states: the longest wins. */
export function scopeLength(prefix: RepositoryUrl): number {
  return pathParts(prefix).length
}

/** The port that is connected to. */
export function portOf({ transport, port }: RepositoryUrl): number {
  return port || DEFAULT_PORTS[transport]
}

function sameServer(a: RepositoryUrl, b: RepositoryUrl): boolean {
  return (
    a.transport === b.transport &&
    a.host === b.host &&
    portOf(a) === portOf(b) &&
    (a.transport !== 'ssh' || a.user === b.user)
  )
}

function pathParts({ path, host }: RepositoryUrl): string[] {
  const parts = path.toLowerCase().split('/').filter(Boolean)
  // `team-a/%2e%2e/team-b` is `team-b` for the server, and must not be taken for something of team-a.
  if (parts.some((part) => /^\.{1,2}$/.test(part) || /%(?:2e|2f|5c|[01][0-9a-f]|7f)/.test(part))) {
    throw new GitCredentialError(
      `the path of the repository on ${host} holds a dot segment or an encoded slash, dot or control character`,
      'Write the path as the server shows it',
    )
  }
  const last = parts.pop()
  return last === undefined ? [] : [...parts, last.replace(/\.git$/, '')].filter(Boolean)
}
