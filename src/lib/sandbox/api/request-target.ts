import { findResourceType, type ResourceType } from './resource-type.ts'
import { badRequest, unknownResource } from './status.ts'

/** What a request path names. `name` '' is the collection, `namespace` '' all namespaces or none. */
export interface RequestTarget {
  readonly type: ResourceType
  readonly namespace: string
  readonly name: string
  /** '' or `status`. */
  readonly subresource: string
}

/**
 * Reads `/api/v1/…` and `/apis/GROUP/VERSION/…`.
 * @throws ApiStatusError 404 for a resource or subresource that is not served.
 */
export function readTarget(pathname: string): RequestTarget {
  const parts = pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decode)
  const isCore = parts[0] === 'api'
  const [group, version, ...rest] = isCore ? ['', ...parts.slice(1)] : parts.slice(1)
  if (group === undefined || version === undefined) throw unknownResource()
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'status'
  const namespace = inNamespace ? (rest[1] ?? '') : ''
  const [plural = '', name = '', subresource = '', ...beyond] = inNamespace ? rest.slice(2) : rest
  const type = findResourceType(group, version, plural)
  if (!type || beyond.length > 0) throw unknownResource()
  if (subresource !== '' && !(subresource === 'status' && type.statusSubresource)) throw unknownResource()
  if (inNamespace !== type.namespaced && (inNamespace || name !== '')) throw unknownResource()
  return { type, namespace, name, subresource }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw badRequest(`invalid path segment "${part}"`)
  }
}
