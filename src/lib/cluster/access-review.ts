import { ObjectField } from '../application/object-field.ts'
import type { ClusterClient } from './client.ts'

/** What somebody wants to do, in RBAC's words. */
export interface AccessAttributes {
  /** `get`, `list`, `patch`, … */
  readonly verb: string
  /** '' for the core group. */
  readonly group: string
  /** Plural, lower case: `applications`. */
  readonly resource: string
  /** '' means all namespaces. */
  readonly namespace: string
  /** Only this object; absent: any. */
  readonly name?: string
}

/**
 * Whether the user of the connection may do something, as the API server's own authorizer says
 * (SelfSubjectAccessReview of authorization.k8s.io/v1, which every authenticated user may create).
 *
 * @throws ClusterError when it cannot be asked
 */
export async function isAllowed(
  client: Pick<ClusterClient, 'create'>,
  attributes: AccessAttributes,
): Promise<boolean> {
  const { verb, group, resource, namespace, name } = attributes
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    metadata: { name: '' },
    spec: { resourceAttributes: { verb, group, resource, namespace, ...(name && { name }) } },
  }
  const path = { group: 'authorization.k8s.io', version: 'v1', resource: 'selfsubjectaccessreviews' }
  const answer = new ObjectField('the access review', await client.create(path, review))
  return answer.member('status').member('allowed').value === true
}
