import { ClusterError } from './client.ts'
import type { ResourcePath } from './resource-path.ts'

/**
 * The URL path of an object or collection: `/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/shop`.
 *
 * @throws ClusterError (reason `Invalid`) when a part could lead elsewhere: names come from the cluster.
 */
export function resourceUrl(path: ResourcePath): string {
  const parts = path.group === '' ? ['api', path.version] : ['apis', path.group, path.version]
  if (path.namespace) parts.push('namespaces', path.namespace)
  parts.push(path.resource)
  if (path.name !== undefined) parts.push(path.name)
  if (path.subresource) parts.push(path.subresource)
  for (const part of parts) {
    // What Kubernetes itself forbids in a path segment.
    if (part === '' || part === '.' || part === '..' || /[/%]/.test(part)) {
      throw new ClusterError(
        `"${part}" cannot be part of the address of ${path.resource}`,
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
export function qualifiedResource({ group, resource }: ResourcePath): string {
  return group === '' ? resource : `${resource}.${group}`
}
