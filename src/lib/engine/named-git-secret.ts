import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { ClusterError } from '../cluster/client.ts'
import type { RepositoryReader } from '../cluster/repositories.ts'
import { SecretFields } from '../cluster/secret-fields.ts'
import type { SecretReader } from '../cluster/secrets.ts'
import { GitCredentialError } from '../git/credentials/git-credential-error.ts'
import { liesUnderAny } from '../git/credentials/match-repository.ts'
import { isSharedGitHost } from '../git/credentials/shared-git-hosts.ts'
import { type RepositoryUrl, withoutUserinfo } from '../git/repository-url.ts'
import { ANNOTATION_PREFIX } from '../rules/annotation-keys.ts'
import type { GitCredentials } from '../rules/git-credentials.ts'
import { type Claimant, type GitSecret, isKnownRepository } from './repository-credential.ts'

/** The annotation by which the owner of a Secret says which repositories its credential is for: URLs, separated by commas. */
export const SECRET_REPOSITORY = `${ANNOTATION_PREFIX}repository`

/**
 * The Secret that a `write-back-method` names. Its author chooses the Secret and the repository, and could
 * so have the password of one sent to another. It therefore goes only where somebody else vouches: the
 * Secret itself (`url` or {@link SECRET_REPOSITORY}, and then nowhere else), a repository of Argo CD, or a
 * host shared by many. ssh keys stay here, and GitHub Apps are bound to the host of their tokens.
 *
 * @throws GitCredentialError
 */
export async function readNamedSecret(
  secrets: SecretReader,
  repositories: RepositoryReader,
  { namespace, name }: Extract<GitCredentials, { kind: 'secret' }>,
  url: RepositoryUrl,
  claimant: Claimant,
): Promise<GitSecret> {
  const source = `Secret ${namespace}/${name}`
  const secret = await read(secrets, namespace, name, source)
  const fields = new SecretFields(secret)
  const stated = [fields.text('url'), ...(secret.metadata.annotations?.[SECRET_REPOSITORY] ?? '').split(',')]
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '')
  const found = { fields, namespace, source }
  if (stated.length > 0) {
    if (liesUnderAny(url, stated)) return found
    throw new GitCredentialError(
      `${source} says that it is not for ${withoutUserinfo(url.href)}`,
      `Name the repository in its url or in its annotation ${SECRET_REPOSITORY}, or name another Secret`,
    )
  }
  const isSent = fields.text('password') !== '' || fields.text('bearerToken') !== ''
  if (url.transport === 'ssh' || !isSent || isSharedGitHost(url.host)) return found
  // Where the Secret is, not where the Application is: else its authors could vouch for a Secret of others.
  if (await isKnownRepository(repositories, url, { ...claimant, namespace })) return found
  throw new GitCredentialError(
    `${source} is not sent to ${url.host}: only the rule says that it belongs there`,
    `Annotate the Secret with ${SECRET_REPOSITORY}: ${withoutUserinfo(url.href)}, or add the repository to Argo CD`,
  )
}

async function read(
  secrets: SecretReader,
  namespace: string,
  name: string,
  source: string,
): Promise<KubernetesObject> {
  try {
    return await secrets.read(namespace, name)
  } catch (cause) {
    if (!(cause instanceof ClusterError)) throw cause
    throw new GitCredentialError(`${source}: ${cause.message}`, cause.remedy, { cause })
  }
}
