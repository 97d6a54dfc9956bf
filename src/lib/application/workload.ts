import type { Application } from './application.ts'
import { applicationField } from './application-field.ts'
import type { KubernetesObject } from './kubernetes-object.ts'

/** The kinds that keep Pods running from a template and replace them when the template changes. */
export const WORKLOAD_KINDS = {
  Deployment: { group: 'apps', version: 'v1', resource: 'deployments' },
  StatefulSet: { group: 'apps', version: 'v1', resource: 'statefulsets' },
  DaemonSet: { group: 'apps', version: 'v1', resource: 'daemonsets' },
  Rollout: { group: 'argoproj.io', version: 'v1alpha1', resource: 'rollouts' },
} as const

export type WorkloadKind = keyof typeof WORKLOAD_KINDS

/** A workload as the cluster sent it. The kind is apart, since items of a list come without one. */
export interface Workload {
  readonly kind: WorkloadKind
  readonly object: KubernetesObject
}

/** A workload by name. */
export interface WorkloadReference {
  readonly kind: WorkloadKind
  readonly namespace: string
  readonly name: string
}

/** How messages name a workload: `deployment/web`. */
export function workloadTitle({
  kind,
  name,
}: {
  readonly kind: WorkloadKind
  readonly name: string
}): string {
  return `${kind.toLowerCase()}/${name}`
}

/** Where a workload is in the API. */
export function workloadPath({ kind, namespace, name }: WorkloadReference): {
  readonly group: string
  readonly version: string
  readonly resource: string
  readonly namespace: string
  readonly name: string
} {
  return { ...WORKLOAD_KINDS[kind], namespace, name }
}

/**
 * The workloads that Argo CD deploys for an Application, by `status.resources`, each once; in the destination's
 * namespace where they name none.
 *
 * @throws MalformedFieldError naming the field that has the wrong shape.
 */
export function workloadsOf(application: Application): readonly WorkloadReference[] {
  const root = applicationField(application)
  const resources = root.member('status').member('resources').items()
  const usualNamespace = root.member('spec').member('destination').member('namespace')
  const references = new Map<string, WorkloadReference>()
  for (const resource of resources) {
    const kind = resource.member('kind').text()
    const name = resource.member('name').text()
    if (
      !isWorkloadKind(kind) ||
      resource.member('group').text() !== WORKLOAD_KINDS[kind].group ||
      name === ''
    )
      continue
    const namespace = resource.member('namespace').text() || usualNamespace.text()
    references.set(`${kind}/${namespace}/${name}`, { kind, name, namespace })
  }
  return [...references.values()]
}

/** Whether it is one of {@link WORKLOAD_KINDS}. */
export function isWorkloadKind(kind: string): kind is WorkloadKind {
  return Object.hasOwn(WORKLOAD_KINDS, kind)
}
