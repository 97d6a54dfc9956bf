import { applicationPath } from './applications.ts'
import type { ClusterClient, ClusterTarget } from './client.ts'
import type { Connection } from './connection.ts'
import type { ConnectionFlags } from './connection-flags.ts'
import { isForbidden, isNotFound } from './status-error.ts'

type NamespaceChoice = Pick<ClusterTarget, 'namespace' | 'namespaceSource'>

/** Where Argo CD lives unless somebody decided otherwise. */
export const ARGOCD_NAMESPACE = 'argocd'

/** What flags and context say: `-A` (as in kubectl it wins), `-n`, the context's namespace; undefined when they say nothing. */
export function statedNamespace(flags: ConnectionFlags, connection: Connection): NamespaceChoice | undefined {
  if (flags['all-namespaces']) return { namespace: '', namespaceSource: 'flag' }
  if (flags.namespace) return { namespace: flags.namespace, namespaceSource: 'flag' }
  if (connection.contextNamespace)
    return { namespace: connection.contextNamespace, namespaceSource: 'context' }
  return undefined
}

/**
 * The namespace when nothing states one: `argocd` where it exists, else `default`, which is what kubectl takes.
 *
 * @throws ClusterError when the server cannot be asked at all.
 */
export async function defaultNamespace(client: ClusterClient): Promise<NamespaceChoice> {
  const exists = await hasArgoCdNamespace(client)
  return exists
    ? { namespace: ARGOCD_NAMESPACE, namespaceSource: 'default argocd' }
    : { namespace: 'default', namespaceSource: 'default' }
}

/**
 * Whether there is a namespace `argocd`. Who may not read namespaces is asked instead whether there are
 * Applications in it to be seen; if that is not allowed either, it would be of no use.
 *
 * @throws ClusterError when the server cannot be asked at all.
 */
export async function hasArgoCdNamespace(client: ClusterClient): Promise<boolean> {
  try {
    await client.get({ group: '', version: 'v1', resource: 'namespaces', name: ARGOCD_NAMESPACE })
    return true
  } catch (error) {
    if (isNotFound(error)) return false
    if (!isForbidden(error)) throw error
  }
  try {
    return (await client.list(applicationPath(ARGOCD_NAMESPACE))).length > 0
  } catch (error) {
    if (isForbidden(error) || isNotFound(error)) return false
    throw error
  }
}
