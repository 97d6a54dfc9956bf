import type { AccessAttributes } from '../../cluster/access-review.ts'

/** An RBAC rule, as it stands in a Role. */
interface PolicyRule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

/** A Role or ClusterRole as it can be applied. */
export interface RoleObject {
  readonly apiVersion: 'rbac.authorization.k8s.io/v1'
  readonly kind: 'Role' | 'ClusterRole'
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly rules: readonly PolicyRule[]
}

const NAME = 'kubectl-image-updater'

/**
 * The roles that grant exactly these rights: one a namespace, a ClusterRole for all of them.
 *
 * @param name of each
 */
export function rolesFor(rights: readonly AccessAttributes[], name = NAME): RoleObject[] {
  return [...Map.groupBy(rights, ({ namespace }) => namespace)].map(([namespace, own]) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: namespace === '' ? 'ClusterRole' : 'Role',
    metadata: { name, ...(namespace !== '' && { namespace }) },
    rules: [...Map.groupBy(own, ruleKey).values()].map(ruleOf),
  }))
}

function ruleKey({ group, resource, name = '' }: AccessAttributes): string {
  return `${group}/${resource}/${name}`
}

function ruleOf(rights: readonly AccessAttributes[]): PolicyRule {
  const [{ group, resource, name }] = rights as [AccessAttributes]
  return {
    apiGroups: [group],
    resources: [resource],
    ...(name !== undefined && { resourceNames: [name] }),
    verbs: [...new Set(rights.map(({ verb }) => verb))],
  }
}
