import type { Application } from '../application/application.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { podSelector } from '../application/pod-selector.ts'
import type { Workload } from '../application/workload.ts'
import type { ClusterClient } from '../cluster/client.ts'
import type { Destination } from '../cluster/open-destination.ts'
import { listPods } from '../cluster/pods.ts'
import { readWorkloads } from '../cluster/workloads.ts'

/** What runs an Application's Pods, as far as it can be read. */
export interface WorkloadView {
  /** The cluster they run in; undefined when no kubeconfig context leads there. */
  readonly client: ClusterClient | undefined
  readonly workloads: readonly Workload[]
  readonly pods: readonly KubernetesObject[]
  /** Why something is missing, '' when nothing is. */
  readonly problem: string
}

/** Reads the workloads that Argo CD deploys for an Application, and the Pods that belong to them. */
export async function readWorkloadView(
  application: Application,
  destination: Destination,
): Promise<WorkloadView> {
  if (!destination.reachable) {
    return { client: undefined, pods: [], problem: destination.problem.problem, workloads: [] }
  }
  const { client } = destination
  const { workloads, problems: unread } = await readWorkloads(client, application)
  const lists = await Promise.all(
    workloads.map(({ object }) => listPods(client, object.metadata.namespace ?? '', podSelector(object))),
  )
  const problems = [...unread, ...lists.flatMap((list) => list.problems)].map(({ problem }) => problem)
  if (workloads.length === 0 && problems.length === 0) problems.push('Argo CD lists no workload of it yet')
  return {
    client,
    pods: lists.flatMap((list) => list.objects),
    problem: [...new Set(problems)].join('; '),
    workloads,
  }
}
