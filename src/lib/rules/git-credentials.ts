import { UserError } from '../errors.ts'

/** A `write-back-method` asks for a Secret that its author may not use. */
export class GitCredentialsError extends UserError {}

/** With which credentials a rule wants its repository reached. */
export type GitCredentials =
  /** Those of Argo CD, found by the repository's URL. */
  | { readonly kind: 'repocreds' }
  | { readonly kind: 'secret'; readonly namespace: string; readonly name: string }

const SECRET = /^git:secret:(?:([a-z0-9][a-z0-9.-]*)\/)?([a-z0-9][a-z0-9.-]*)$/

/**
 * Reads the credentials from a `write-back-method`: `git` and `git:repocreds`, or `git:secret:` with a
 * Secret of the Application's own namespace. One of another namespace would be read with the operator's
 * rights for someone who may not read it; the check works on what was parsed.
 *
 * @param namespace of the Application
 * @param anyNamespace the operator allows Secrets of other namespaces
 * @throws GitCredentialsError
 */
export function parseGitCredentials(
  written: string,
  namespace: string,
  anyNamespace = false,
): GitCredentials {
  const text = written.trim()
  if (text === 'git' || text === 'git:repocreds') return { kind: 'repocreds' }
  const [, stated, name] = SECRET.exec(text) ?? []
  if (name === undefined) {
    throw new GitCredentialsError(
      `"${text}" does not say which git credentials to use`,
      'Write git, git:repocreds or git:secret:<namespace>/<name>',
    )
  }
  if (stated !== undefined && stated !== namespace && !anyNamespace) {
    throw new GitCredentialsError(
      `"${text}" names a secret of namespace "${stated}", and the Application is in "${namespace}"`,
      `Copy the secret to namespace "${namespace}" and name it there, or allow it with --allow-cross-namespace-secrets`,
    )
  }
  return { kind: 'secret', namespace: stated ?? namespace, name }
}
