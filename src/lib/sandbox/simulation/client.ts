import type { ClusterClient } from '../../cluster/client.ts'
import type { ResourcePath } from '../../cluster/resource-path.ts'

/**
 * What the simulated controllers need of a cluster: the verbs of {@link ClusterClient}, and two that only
 * controllers use. Any API server will do.
 */
export interface SimulationClient
  extends Pick<ClusterClient, 'list' | 'create' | 'mergePatch' | 'strategicMergePatch'> {
  /** Deletes at once (no grace period); an object that is gone already is fine. */
  remove(path: ResourcePath): Promise<void>
  /** Calls `onChange` for each change of the collection until `signal` aborts. Rejects when the watch breaks. */
  watch(path: ResourcePath, onChange: () => void, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}
