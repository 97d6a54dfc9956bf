import type { Application } from '../application/application.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { podSelector } from '../application/pod-selector.ts'
import type { Workload } from '../application/workload.ts'
import type { ClusterClient } from '../cluster/client.ts'
import type { Destination } from '../cluster/open-destination.ts'
import { listPods } from '../cluster/pods.ts'
import { readWorkloads } from '../cluster/workloads.ts'
import { UserError } from '../errors.ts'

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
  const lists = await Promise.all(workloads.map(({ object }) => podsOf(client, object)))
  const problems = [...unread.map(({ problem }) => problem), ...lists.flatMap((list) => list.problems)]
  if (workloads.length === 0 && problems.length === 0) problems.push('Argo CD lists no workload of it yet')
  return {
    client,
    pods: lists.flatMap((list) => list.objects),
    problem: [...new Set(problems)].join('; '),
    workloads,
  }
}

/** A workload without a usable selector (a Rollout that refers to another workload, say) tells no Pods. */
async function podsOf(
  client: ClusterClient,
  workload: KubernetesObject,
): Promise<{ objects: readonly KubernetesObject[]; problems: readonly string[] }> {
  let selector: string
  try {
    selector = podSelector(workload)
  } catch (error) {
    if (error instanceof UserError) return { objects: [], problems: [error.message] }
    throw error
  }
  const { objects, problems } = await listPods(client, workload.metadata.namespace ?? '', selector)
  return { objects, problems: problems.map(({ problem }) => problem) }
}
