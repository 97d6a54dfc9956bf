import type { RepositoryReader, TrustConfigMap } from '../cluster/repositories.ts'
import { isForbidden, isNotFound } from '../cluster/status-error.ts'
import { GitCredentialError } from '../git/credentials/git-credential-error.ts'
import { isKnownHost } from '../git/credentials/known-hosts.ts'
import { portOf } from '../git/credentials/url-scope.ts'
import type { RepositoryUrl } from '../git/repository-url.ts'

const KNOWN_HOSTS = 'argocd-ssh-known-hosts-cm'

/**
 * The certificate authority that Argo CD trusts for a host, as PEM; undefined where it has none of its own
 * or the ConfigMap may not be read: certificates are then verified as usual.
 *
 * @param namespace of the Secret with the credential: who decides about one decides about the other
 * @throws ClusterError when the server is in trouble
 */
export async function findAuthority(
  repositories: RepositoryReader,
  namespace: string,
  host: string,
): Promise<string | undefined> {
  const { found } = await search(repositories, namespace, 'argocd-tls-certs-cm', (texts) => texts.get(host))
  return found
}

/**
 * The known_hosts text of Argo CD that has a key for the host of a repository.
 *
 * @throws GitCredentialError when no host key is known: it is never asked for on the way
 */
export async function findKnownHosts(
  repositories: RepositoryReader,
  namespace: string,
  url: RepositoryUrl,
): Promise<string> {
  const port = portOf(url)
  const { found, unread } = await search(repositories, namespace, KNOWN_HOSTS, (texts) => {
    const text = texts.get('ssh_known_hosts') ?? ''
    return isKnownHost(text, url.host, port) ? text : undefined
  })
  if (found !== undefined) return found
  const places = repositories.places(namespace).join(' and ')
  if (unread !== '') {
    throw new GitCredentialError(
      `the host key of ${url.host} is not known: ConfigMap ${unread}/${KNOWN_HOSTS} may not be read`,
      `Ask for the right; kubectl auth can-i get configmaps -n ${unread}. Or use your own git setup: --git-credentials=local`,
    )
  }
  const scan = port === 22 ? url.host : `-p ${port} ${url.host}`
  throw new GitCredentialError(
    `no host key of ${url.host}${port === 22 ? '' : ` on port ${port}`} is in ConfigMap ${KNOWN_HOSTS} of ${places}`,
    `Compare the output of ssh-keyscan ${scan} with what the host publishes, and add it there (argocd cert add-ssh)`,
  )
}

async function search(
  repositories: RepositoryReader,
  namespace: string,
  name: TrustConfigMap,
  find: (texts: ReadonlyMap<string, string>) => string | undefined,
): Promise<{ readonly found?: string; readonly unread: string }> {
  let unread = ''
  for (const place of repositories.places(namespace)) {
    try {
      const found = find(await repositories.configMap(place, name))
      if (found !== undefined) return { found, unread }
    } catch (error) {
      if (isForbidden(error)) unread ||= place
      else if (!isNotFound(error)) throw error
    }
  }
  return { unread }
}
