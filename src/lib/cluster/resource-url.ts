import { ClusterError } from './client.ts'
import type { ResourcePath } from './resource-path.ts'

/**
 * The URL path of an object or collection: `/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/shop`.
 *
 * @throws ClusterError (reason `Invalid`) when a part could lead elsewhere: names come from the cluster.
 */
export function resourceUrl(path: ResourcePath): string {
  const parts = groupVersion(path)
  if (path.namespace) parts.push('namespaces', path.namespace)
  parts.push(path.resource)
  if (path.name !== undefined) parts.push(path.name)
  if (path.subresource) parts.push(path.subresource)
  return join(parts, path.resource)
}

/** Where the API server tells which types of a group it has: `/apis/argoproj.io/v1alpha1`. @throws ClusterError */
export function groupVersionUrl(type: Pick<ResourcePath, 'group' | 'version'>): string {
  return join(groupVersion(type), `${type.group}/${type.version}`)
}

function groupVersion({ group, version }: Pick<ResourcePath, 'group' | 'version'>): string[] {
  return group === '' ? ['api', version] : ['apis', group, version]
}

function join(parts: readonly string[], what: string): string {
  for (const part of parts) {
    // What Kubernetes itself forbids in a path segment.
    if (part === '' || part === '.' || part === '..' || /[/%]/.test(part)) {
      throw new ClusterError(
        `"${part}" cannot be part of the address of ${what}`,
        0,
        'Invalid',
        'Check the names of the object and its namespace',
      )
    }
  }
  return `/${parts.map(encodeURIComponent).join('/')}`
}

/** `applications.argoproj.io "shop"`, or `applications.argoproj.io` for a collection: kubectl's way to name things. */
export function describeResource(path: ResourcePath): string {
  const type = qualifiedResource(path)
  return path.name === undefined ? type : `${type} "${path.name}"`
}

/** `applications.argoproj.io`, `pods` */
export function qualifiedResource({ group, resource }: Pick<ResourcePath, 'group' | 'resource'>): string {
  return group === '' ? resource : `${resource}.${group}`
}
