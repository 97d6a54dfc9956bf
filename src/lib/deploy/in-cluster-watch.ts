import type { AccessAttributes } from '../cluster/access-review.ts'

/** A watch that runs in a cluster: everything its Kubernetes objects are made of. */
export interface InClusterWatch {
  /** Of all its objects, and what tells it from another one in the same namespace. */
  readonly name: string
  /** Where the Pods run. */
  readonly namespace: string
  /** Whether the Namespace is among the objects. */
  readonly createNamespace: boolean
  /** Of this program, without a leading v. */
  readonly version: string
  readonly image: string
  readonly imagePullSecrets: readonly string[]
  /** Pods of each shard. */
  readonly replicas: number
  /** One without a name where the work is not divided. */
  readonly shards: readonly WatchShard[]
  /** Where /metrics, /healthz and /readyz are served. */
  readonly metricsPort: number
  readonly environment: ReadonlyMap<string, string>
  /** Existing Secrets whose keys become environment variables. */
  readonly environmentSecrets: readonly string[]
  /** Files of the operator, by name in {@link FILES_FOLDER}. */
  readonly files: ReadonlyMap<string, string>
  /** Existing Secrets that are mounted, each at {@link secretFolder}. */
  readonly mountedSecrets: readonly string[]
  readonly serviceAccountAnnotations: ReadonlyMap<string, string>
  /** What its service account may do. */
  readonly rights: readonly AccessAttributes[]
  /** Ports that may be reached beside DNS; undefined: no NetworkPolicy. */
  readonly egressPorts: readonly number[] | undefined
  readonly podMonitor: boolean
  /** `policy/v1` since Kubernetes 1.21. */
  readonly budgetVersion: 'policy/v1' | 'policy/v1beta1'
}

/** A part of the Applications, with a Deployment of its own. */
export interface WatchShard {
  /** '' where the work is not divided. */
  readonly name: string
  /** From `watch` on. */
  readonly args: readonly string[]
}

/** Where the files of the operator are in a Pod. */
export const FILES_FOLDER = '/etc/kubectl-image-updater'

/** Where an existing Secret is mounted. */
export function secretFolder(name: string): string {
  return `/secrets/${name}`
}

/** `kubectl-image-updater-team-a`: the name of what every shard has for itself. */
export function shardName({ name }: Pick<InClusterWatch, 'name'>, shard: Pick<WatchShard, 'name'>): string {
  return shard.name === '' ? name : `${name}-${shard.name}`
}
