import type { RepositoryReader, RepositorySecret } from '../cluster/repositories.ts'
import { isForbidden } from '../cluster/status-error.ts'
import { GitCredentialError } from '../git/credentials/git-credential-error.ts'
import { matchRepository } from '../git/credentials/match-repository.ts'
import { type CredentialFields, holdsCredential } from '../git/credentials/secret-login.ts'
import { type RepositoryUrl, withoutUserinfo } from '../git/repository-url.ts'

/** The fields by which a repository is entered, and from which Secret they are. */
export interface GitSecret {
  readonly fields: CredentialFields
  /** Of the Secret. */
  readonly namespace: string
  /** For people: `repository Secret argocd/shop`. */
  readonly source: string
}

/** Whose Application it is that is written back. */
export interface Claimant {
  readonly namespace: string
  readonly project: string
}

/**
 * The credential with which Argo CD reaches a repository: of its Secret of this URL, or of the credential
 * template with the longest URL above it. It belongs to the URL, whichever Application asks.
 *
 * @throws GitCredentialError when there is none, or when Secrets may not be listed
 */
export async function findRepositorySecret(
  repositories: RepositoryReader,
  url: RepositoryUrl,
  claimant: Claimant,
): Promise<GitSecret> {
  let unread = ''
  let empty: RepositorySecret | undefined
  for (const place of repositories.places(claimant.namespace)) {
    try {
      const secrets = await repositories.secrets(place)
      const { repository, template } = matchRepository(secrets, url, claimant.project)
      const found = entered(repository, template)
      if (found) return found
      empty ??= repository ?? template
    } catch (error) {
      if (!isForbidden(error)) throw error
      unread ||= place
    }
  }
  throw notFound(repositories, url, claimant, { unread, empty })
}

/** Whether Argo CD knows a repository by a Secret or template: then its URL is no invention of a rule. */
export async function isKnownRepository(
  repositories: RepositoryReader,
  url: RepositoryUrl,
  claimant: Claimant,
): Promise<boolean> {
  for (const place of repositories.places(claimant.namespace)) {
    try {
      const match = matchRepository(await repositories.secrets(place), url, claimant.project)
      if (match.repository || match.template) return true
    } catch (error) {
      if (!isForbidden(error)) throw error
    }
  }
  return false
}

function entered(repository?: RepositorySecret, template?: RepositorySecret): GitSecret | undefined {
  if (repository && holdsCredential(repository.fields)) {
    return { fields: repository.fields, namespace: repository.namespace, source: labelOf(repository) }
  }
  if (!template || !holdsCredential(template.fields)) return undefined
  const fields = repository ? completed(repository.fields, template.fields) : template.fields
  return { fields, namespace: template.namespace, source: labelOf(template) }
}

/** As Argo CD fills in what a repository lacks: field by field. */
function completed(own: CredentialFields, inherited: CredentialFields): CredentialFields {
  return {
    text: (name) => own.text(name) || inherited.text(name),
    flag: (name) => own.flag(name) || inherited.flag(name),
    names: () => [...new Set([...own.names(), ...inherited.names()])],
  }
}

function labelOf({ role, namespace, name }: RepositorySecret): string {
  return `${role === 'template' ? 'credential template' : 'repository Secret'} ${namespace}/${name}`
}

function notFound(
  repositories: RepositoryReader,
  url: RepositoryUrl,
  { namespace, project }: Claimant,
  { unread, empty }: { readonly unread: string; readonly empty: RepositorySecret | undefined },
): GitCredentialError {
  const repository = withoutUserinfo(url.href)
  const local = 'use your own git setup: --git-credentials=local'
  if (unread !== '') {
    return new GitCredentialError(
      `no credential for ${repository}: the Secrets of namespace ${unread}, where Argo CD keeps them, may not be listed`,
      `Ask for the right; kubectl auth can-i list secrets -n ${unread}. Or ${local}`,
    )
  }
  if (empty) {
    return new GitCredentialError(
      `${labelOf(empty)} is for ${repository} but holds no credential, so nothing can be pushed`,
      `Add one to it, or ${local}`,
    )
  }
  const places = repositories.places(namespace).join(' and ')
  return new GitCredentialError(
    `no repository Secret or credential template of ${places} is for ${repository} and project ${project}`,
    `Add the repository to Argo CD, name a Secret with git:secret:<namespace>/<name>, or ${local}`,
  )
}
