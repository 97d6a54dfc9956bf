import type { Application } from '../application/application.ts'
import { type Workload, workloadPath, workloadsOf } from '../application/workload.ts'
import type { ClusterClient } from './client.ts'
import { type ReadProblem, toReadProblem } from './read-result.ts'

/** The workloads that could be read, and what could not. */
export interface WorkloadsRead {
  readonly workloads: readonly Workload[]
  readonly problems: readonly ReadProblem[]
}

/**
 * Reads an Application's workloads, each by its name, from the cluster they run in. What is missing or may
 * not be read is a problem beside the others.
 *
 * @throws ClusterError when the server cannot be reached or is in trouble.
 */
export async function readWorkloads(client: ClusterClient, application: Application): Promise<WorkloadsRead> {
  const answers = await Promise.all(
    workloadsOf(application).map(async (reference): Promise<Workload | ReadProblem> => {
      try {
        return { kind: reference.kind, object: await client.get(workloadPath(reference)) }
      } catch (error) {
        return toReadProblem(error, reference)
      }
    }),
  )
  return {
    workloads: answers.filter((answer): answer is Workload => 'object' in answer),
    problems: answers.filter((answer): answer is ReadProblem => 'problem' in answer),
  }
}
