import type { JsonPatchOperation } from '../application/json-patch.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { UserError } from '../errors.ts'
import type { ResourcePath } from './resource-path.ts'

/** Which cluster and namespace the commands work on, and why: printed in every header and every question. */
export interface ClusterTarget {
  /** kubeconfig context, or `in-cluster`, or the server where flags name no context. */
  readonly context: string
  readonly server: string
  /** '' means all namespaces. */
  readonly namespace: string
  readonly namespaceSource: 'flag' | 'context' | 'default argocd' | 'default'
}

export type DryRun = 'none' | 'client' | 'server'

/** A few verbs on plain JSON, over one keep-alive connection pool. Every method may throw ClusterError. */
export interface ClusterClient {
  readonly target: ClusterTarget
  get(path: ResourcePath, options?: ReadOptions): Promise<KubernetesObject>
  /** All pages. `namespace` of the path absent: all namespaces. */
  list(path: ResourcePath, options?: ListOptions): Promise<KubernetesObject[]>
  /** Whether the API server knows the type at all, whether or not this user may read its objects. */
  serves(type: Pick<ResourcePath, 'group' | 'version'>): Promise<boolean>
  create(path: ResourcePath, object: KubernetesObject, options?: WriteOptions): Promise<KubernetesObject>
  jsonPatch(
    path: ResourcePath,
    operations: readonly JsonPatchOperation[],
    options?: WriteOptions,
  ): Promise<KubernetesObject>
  mergePatch(path: ResourcePath, patch: unknown, options?: WriteOptions): Promise<KubernetesObject>
  strategicMergePatch(path: ResourcePath, patch: unknown, options?: WriteOptions): Promise<KubernetesObject>
  /**
   * Puts `object` in place of what is there, if that still has the object's resourceVersion. Only for objects
   * that are this program's own as a whole; everybody else's are patched. @throws ClusterError 409 otherwise.
   */
  replace(path: ResourcePath, object: KubernetesObject, options?: WriteOptions): Promise<KubernetesObject>
  /**
   * Server-side apply: creates the object, or makes the fields it names what they are here. @throws ClusterError
   * 409 where another manager owns one of them.
   */
  apply(path: ResourcePath, object: KubernetesObject, options?: ApplyOptions): Promise<KubernetesObject>
  /** Changes of a collection as they happen, until `signal` aborts. @throws ClusterError as it breaks */
  watch(path: ResourcePath, options: WatchOptions): AsyncGenerator<WatchEvent, void>
  /** Warnings the API server sent with its answers; each text once. */
  readonly warnings: ReadonlySet<string>
  close(): Promise<void>
}

export interface ReadOptions {
  /** Gives the request up; what is thrown then is the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

export interface ListOptions {
  readonly labelSelector?: string
  readonly fieldSelector?: string
  /** Objects a page; 500 as kubectl. */
  readonly pageSize?: number
}

/** One change of a watched collection; bookmarks are followed but not passed on. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: KubernetesObject
}

export interface WatchOptions {
  /** Changes after this are reported, as a list gives it; '' begins with what is there, each object as ADDED. */
  readonly resourceVersion: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly signal?: AbortSignal
}

export interface WriteOptions {
  /** true sends `dryRun=All`. */
  readonly dryRun?: boolean
  readonly fieldManager?: string
  /** Gives up waiting for the answer: whether it was written is not known then. */
  readonly signal?: AbortSignal | undefined
}

export interface ApplyOptions extends WriteOptions {
  /** Takes fields that another manager owns. */
  readonly force?: boolean
}

/** The API server refused, or could not be reached. `status` is the HTTP code, 0 when there was no answer. */
export class ClusterError extends UserError {
  readonly status: number
  /** metav1.Status.reason: `NotFound`, `Conflict`, `Forbidden`, `Invalid`, … or `Unreachable`. */
  readonly reason: string

  constructor(message: string, status: number, reason: string, remedy = '', options?: ErrorOptions) {
    super(message, remedy, options)
    this.status = status
    this.reason = reason
  }
}
