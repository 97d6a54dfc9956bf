import type { Application } from '../application/application.ts'
import type { ClusterClient } from '../cluster/client.ts'
import type { RegistryAccess } from '../registry/registry.ts'
import type { DateMemory } from './date-memory.ts'
import type { WorkloadView } from './workload-view.ts'

/** The world as the engine needs it. */
export interface EngineContext {
  /** Where the Applications are. */
  readonly cluster: ClusterClient
  readonly registry: RegistryAccess
  /** Workloads and Pods of an Application, wherever they run; read once until {@link newCycle}. */
  workloadsOf(application: Application): Promise<WorkloadView>
  /** Read the workloads of an Application anew when they are asked for again: somebody changed them. */
  forgetWorkloads(application: Application): void
  /** Forget everything that may have changed since the last poll. */
  newCycle(): void
  /** What polls of the same process learnt about tags. */
  readonly dates: DateMemory
  now(): Date
  /** How many images are looked at at a time. */
  readonly concurrency: number
  close(): Promise<void>
}
