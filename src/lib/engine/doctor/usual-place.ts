import type { ClusterClient } from '../../cluster/client.ts'
import { ARGOCD_NAMESPACE, hasArgoCdNamespace } from '../../cluster/namespace.ts'
import type { RegistryEntry } from '../../rules/registries-conf/registry-entry.ts'
import type { RightsWanted } from './rights.ts'

/**
 * What is wanted where Argo CD usually is, beside the namespace of the Applications: AppProjects and the
 * registries.conf of the cluster are looked for there, too.
 *
 * @param ownConf whether an own registries.conf is used instead of the cluster's
 */
export async function wantedInUsualPlace(
  client: ClusterClient,
  ownConf: boolean,
): Promise<Pick<RightsWanted, 'alsoArgoCdIn' | 'registriesConf'>> {
  const { namespace } = client.target
  const exists = await hasArgoCdNamespace(client)
  return {
    alsoArgoCdIn: exists && !['', ARGOCD_NAMESPACE].includes(namespace) ? [ARGOCD_NAMESPACE] : [],
    // With all namespaces it is looked for there alone, and no Role can be put where nothing is.
    registriesConf: !ownConf && (namespace !== '' || exists),
  }
}

/** The Secrets that entries of a registries.conf name. */
export function entrySecrets(entries: readonly RegistryEntry[]): RightsWanted['secrets'] {
  return entries.flatMap(({ credentials }) => {
    const source = credentials?.source
    return source && 'name' in source ? [{ namespace: source.namespace, name: source.name }] : []
  })
}
