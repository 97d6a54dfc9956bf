import type { Application } from '../application/application.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import type { ClusterClient } from './client.ts'
import { type ReadProblem, type ReadResult, toReadProblem } from './read-result.ts'
import type { ResourcePath } from './resource-path.ts'

/** The kinds with a pod template that can be restarted, and where they live. */
const WORKLOADS: Readonly<Record<string, { readonly group: string; readonly resource: string }>> = {
  Deployment: { group: 'apps', resource: 'deployments' },
  StatefulSet: { group: 'apps', resource: 'statefulsets' },
  DaemonSet: { group: 'apps', resource: 'daemonsets' },
  Rollout: { group: 'argoproj.io', resource: 'rollouts' },
}

/** A workload that an Application manages. */
export interface WorkloadReference {
  readonly kind: string
  readonly path: ResourcePath & { readonly namespace: string; readonly name: string }
}

/**
 * Deployments, StatefulSets, DaemonSets and Argo Rollouts among an Application's `status.resources`, each
 * once, in the order found there.
 */
export function workloadsOf(application: Application): WorkloadReference[] {
  const fallback = application.spec.destination?.namespace ?? 'default'
  const references = new Map<string, WorkloadReference>()
  for (const { group = '', version, kind, namespace, name } of application.status?.resources ?? []) {
    const type = Object.hasOwn(WORKLOADS, kind) ? WORKLOADS[kind] : undefined
    if (type?.group !== group || name === '') continue
    const path = { ...type, version, namespace: namespace || fallback, name }
    references.set(`${kind}/${path.namespace}/${name}`, { kind, path })
  }
  return [...references.values()]
}

/**
 * Reads an Application's workloads, each by its name, from the cluster they run in. What is missing or may
 * not be read is a problem beside the others.
 *
 * @throws ClusterError when the server cannot be reached or is in trouble.
 */
export async function readWorkloads(client: ClusterClient, application: Application): Promise<ReadResult> {
  const answers = await Promise.all(
    workloadsOf(application).map(async ({ kind, path }): Promise<KubernetesObject | ReadProblem> => {
      try {
        return await client.get(path)
      } catch (error) {
        return toReadProblem(error, { kind, namespace: path.namespace, name: path.name })
      }
    }),
  )
  return {
    objects: answers.filter((answer): answer is KubernetesObject => 'metadata' in answer),
    problems: answers.filter((answer): answer is ReadProblem => 'problem' in answer),
  }
}
