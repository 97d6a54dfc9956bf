import { applicationField } from '../../application/application-field.ts'
import { WORKLOAD_KINDS, workloadsOf } from '../../application/workload.ts'
import type { ClusterClient } from '../../cluster/client.ts'
import { isOwnCluster } from '../../cluster/open-destination.ts'
import { parseCredentialSource } from '../../rules/credential-source.ts'
import type { ManagedImage } from '../managed-image.ts'
import type { LoadedImages } from './loaded-images.ts'
import type { RightsWanted } from './rights.ts'

/**
 * Where rights are wanted for the selected Applications: their namespaces, those they deploy to in this
 * cluster, the Secrets that their rules name, and those by which git repositories are reached.
 *
 * @param loaded undefined where they could not be read: then only the namespace itself is known
 * @throws MalformedFieldError naming a field of an Application that has the wrong shape
 */
export function rightsWanted(
  loaded: LoadedImages | undefined,
  { target }: Pick<ClusterClient, 'target'>,
  more: Pick<RightsWanted, 'imageUpdaters' | 'registriesConf' | 'alsoArgoCdIn'>,
): RightsWanted {
  const { applications = [], images = [] } = loaded ?? {}
  const own = applications.filter(({ spec }) => {
    const { server = '', name = '' } = spec.destination ?? {}
    return isOwnCluster(server, name, { target })
  })
  const workloads = own.flatMap(workloadsOf)
  const destinations = own.map(({ spec }) => spec.destination?.namespace ?? '')
  const kinds = new Set(workloads.map(({ kind }) => kind))
  if (kinds.size === 0 && own.length > 0) kinds.add('Deployment')
  const namespaces = applications.map(({ metadata }) => metadata.namespace ?? '')
  return {
    applications: target.namespace === '' ? [''] : distinct([target.namespace, ...namespaces]),
    workloads: distinct([...destinations, ...workloads.map(({ namespace }) => namespace)]).filter(Boolean),
    workloadTypes: [...kinds].map((kind) => WORKLOAD_KINDS[kind]),
    secrets: secretsOf(images),
    repositories: distinct(images.filter(({ rule }) => rule.writeBack.method === 'git').map(controlPlane)),
    elsewhere: applications.length - own.length,
    ...more,
  }
}

/** Where the Argo CD of an image's Application keeps its repositories. */
function controlPlane({ application }: ManagedImage): string {
  const own = applicationField(application).member('status').member('controllerNamespace').text()
  return own || application.metadata.namespace || 'argocd'
}

function secretsOf(images: readonly ManagedImage[]): RightsWanted['secrets'] {
  const texts = distinct(images.flatMap(({ rule }) => rule.pullSecret ?? []))
  const named = texts.map(parseCredentialSource).flatMap((source) => ('name' in source ? [source] : []))
  const byName = new Map(named.map(({ namespace, name }) => [`${namespace}/${name}`, { namespace, name }]))
  return [...byName.values()]
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
