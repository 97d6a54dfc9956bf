import type { KubernetesObject } from '../application/kubernetes-object.ts'
import type { ResourcePath } from '../cluster/resource-path.ts'

/** The resource of every kind that a watch has. */
const RESOURCES: Readonly<Record<string, string>> = {
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  ConfigMap: 'configmaps',
  Deployment: 'deployments',
  Namespace: 'namespaces',
  NetworkPolicy: 'networkpolicies',
  PodDisruptionBudget: 'poddisruptionbudgets',
  PodMonitor: 'podmonitors',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  Service: 'services',
  ServiceAccount: 'serviceaccounts',
}

/** Where an object of a watch is in the API. */
export function objectPath({ apiVersion = '', kind = '', metadata }: KubernetesObject): ResourcePath & {
  readonly name: string
} {
  const [version = '', group = ''] = apiVersion.split('/').toReversed()
  const resource = RESOURCES[kind]
  if (resource === undefined) throw new Error(`nobody applies a ${kind}`)
  const { name, namespace } = metadata
  return { group, version, resource, name, ...(namespace !== undefined && { namespace }) }
}

/** `deployment.apps/kubectl-image-updater`, as kubectl names an object; with its namespace where that is another. */
export function objectTitle(object: KubernetesObject, ownNamespace: string): string {
  const { group, name, namespace = ownNamespace } = objectPath(object)
  const type = [object.kind?.toLowerCase(), group].filter(Boolean).join('.')
  return `${type}/${name}${namespace === ownNamespace ? '' : ` in ${namespace}`}`
}
