import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { rolesFor } from '../engine/doctor/roles.ts'
import type { InClusterWatch } from './in-cluster-watch.ts'
import { objectMetadata } from './labels.ts'

const RBAC = 'rbac.authorization.k8s.io'

/** Whom the Pods are to the API server. Only their own specification mounts its token. */
export function serviceAccount(watch: InClusterWatch): KubernetesObject {
  const { serviceAccountAnnotations: annotations } = watch
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      ...objectMetadata(watch),
      ...(annotations.size > 0 && { annotations: Object.fromEntries(annotations) }),
    },
    automountServiceAccountToken: false,
  }
}

/**
 * The roles that grant the rights of the watch and nothing else, each followed by its binding. Those outside its own
 * namespace are named after it too: a watch of another namespace may have some at the same place.
 */
export function rolesWithBindings(watch: InClusterWatch): KubernetesObject[] {
  return rolesFor(watch.rights, watch.name).flatMap((role) => {
    const namespace = role.metadata.namespace ?? ''
    const name = namespace === watch.namespace ? watch.name : `${watch.name}-${watch.namespace}`
    const metadata = objectMetadata(watch, name, namespace)
    return [
      { ...role, metadata },
      {
        apiVersion: `${RBAC}/v1`,
        kind: `${role.kind}Binding`,
        metadata,
        roleRef: { apiGroup: RBAC, kind: role.kind, name },
        subjects: [{ kind: 'ServiceAccount', name: watch.name, namespace: watch.namespace }],
      },
    ]
  })
}
