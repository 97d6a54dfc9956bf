import type { JsonPatchOperation } from '../../src/lib/application/json-patch.ts'
import type { KubernetesObject } from '../../src/lib/application/kubernetes-object.ts'
import { type ClusterClient, ClusterError, type WriteOptions } from '../../src/lib/cluster/client.ts'
import { applyJsonPatch } from '../application/apply-json-patch.ts'

/** A patch as it reached the cluster. */
export interface SentPatch {
  readonly operations: readonly JsonPatchOperation[]
  readonly options: WriteOptions
}

/** A cluster that holds one object and answers patches as an API server does. */
export class OneObjectCluster implements ClusterClient {
  readonly target = { context: 'test', server: 'test', namespace: '', namespaceSource: 'default' } as const
  readonly warnings: ReadonlySet<string> = new Set()
  readonly sent: SentPatch[] = []
  /** What others do to the object just before each patch arrives. */
  meddle: (object: KubernetesObject) => KubernetesObject | undefined = (object) => object
  object: KubernetesObject | undefined

  constructor(object: KubernetesObject | undefined) {
    this.object = object
  }

  async get(): Promise<KubernetesObject> {
    if (this.object === undefined) throw new ClusterError('not found', 404, 'NotFound')
    return structuredClone(this.object)
  }

  async jsonPatch(
    _path: unknown,
    operations: readonly JsonPatchOperation[],
    options: WriteOptions = {},
  ): Promise<KubernetesObject> {
    this.sent.push({ operations, options })
    this.object = this.object && this.meddle(this.object)
    const before = await this.get()
    let after: KubernetesObject
    try {
      after = applyJsonPatch(before, operations)
    } catch (error) {
      const message = 'the server rejected our request due to an error in our request'
      throw new ClusterError(message, 422, 'Invalid', '', { cause: error })
    }
    if (!options.dryRun) this.object = withNextVersion(after)
    return after
  }

  list = unused
  serves = unused
  create = unused
  mergePatch = unused
  strategicMergePatch = unused
  replace = unused
  apply = unused
  close = unused

  watch(): never {
    throw new Error('not part of this test')
  }
}

/** The object after a write: the same, one version later. */
export function withNextVersion(object: KubernetesObject, changes: object = {}): KubernetesObject {
  const resourceVersion = String(Number(object.metadata.resourceVersion) + 1)
  return { ...object, ...changes, metadata: { ...object.metadata, resourceVersion } }
}

async function unused(): Promise<never> {
  throw new Error('not part of this test')
}
