import type { Application } from '../application/application.ts'
import type { ClusterClient } from '../cluster/client.ts'
import type { ProjectRead } from '../cluster/projects.ts'
import { inScope } from '../registry/in-scope.ts'
import type { RegistryAccess, RegistryScope } from '../registry/registry.ts'
import type { UpdateRule } from '../rules/update-rule.ts'
import type { ApplicationStore } from './application-store.ts'
import type { DateMemory } from './date-memory.ts'
import type { GitDoor } from './git/git-door.ts'
import type { ManagedImages } from './managed-image.ts'
import type { Sightings } from './sightings.ts'
import type { WorkloadView } from './workload-view.ts'

/** The world as the engine needs it. */
export interface EngineContext {
  /** Where the Applications are. */
  readonly applications: ApplicationStore
  /** For what only a cluster can tell; undefined where none is asked. */
  readonly cluster: ClusterClient | undefined
  readonly registry: RegistryAccess
  /** The credential that a rule names for its image; undefined when the operator's own login is meant. */
  scopeOf(rule: UpdateRule): RegistryScope | undefined
  /** Whether rules may name Secrets of other namespaces than their Application's. */
  readonly allowCrossNamespaceSecrets: boolean
  /** Workloads and Pods of an Application, wherever they run; read once until {@link newCycle}. */
  workloadsOf(application: Application): Promise<WorkloadView>
  /** Read the workloads of an Application anew when they are asked for again: somebody changed them. */
  forgetWorkloads(application: Application): void
  /** Forget everything that may have changed since the last poll. */
  newCycle(): void
  /** The AppProject of an Application, read once until {@link newCycle}; undefined where no cluster is asked. */
  projectOf(application: Application): Promise<ProjectRead> | undefined
  /** Commits to git repositories; undefined where nothing is committed. */
  readonly git: GitDoor | undefined
  /** What polls of the same process learnt about tags. */
  readonly dates: DateMemory
  /** What earlier runs, of this program and machine, saw of images. */
  readonly sightings: Sightings
  /** Notes what images are called, for completion; absent where nothing is noted. */
  noteImages?(managed: ManagedImages): void
  now(): Date
  /** How many images are looked at at a time. */
  readonly concurrency: number
  close(): Promise<void>
}

/** The registries as a rule may ask them: with the credential it names, else with the operator's own login. */
export function registryFor(
  { registry, scopeOf }: Pick<EngineContext, 'registry' | 'scopeOf'>,
  rule: UpdateRule,
): RegistryAccess {
  const scope = scopeOf(rule)
  return scope ? inScope(registry, scope) : registry
}
