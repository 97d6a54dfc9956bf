import type { JsonPatchOperation } from '../../src/lib/application/json-patch.ts'
import type { KubernetesObject } from '../../src/lib/application/kubernetes-object.ts'
import {
  type ClusterClient,
  ClusterError,
  type WatchEvent,
  type WatchOptions,
  type WriteOptions,
} from '../../src/lib/cluster/client.ts'
import type { ResourcePath } from '../../src/lib/cluster/resource-path.ts'
import { applyJsonPatch } from '../application/apply-json-patch.ts'

/** An API server in memory, as far as the engine uses one: reads, watches, and writes whose tests count. */
export class FakeCluster implements ClusterClient {
  readonly target = {
    context: 'test',
    namespace: 'argocd',
    namespaceSource: 'flag',
    server: 'https://test',
  } as const
  readonly warnings: ReadonlySet<string> = new Set()
  /** Every patch that arrived, refused ones too. */
  readonly patches: { readonly path: string; readonly dryRun: boolean }[] = []
  /** Called before a patch is looked at: what somebody else does in this very moment. */
  beforePatch: (() => void) | undefined
  /** Status by which patches of this path are refused: 403, say. */
  readonly refusals = new Map<string, number>()
  /** How the next openings of a watch, and the next reads, fail; one is used up each time. */
  readonly watchErrors: ClusterError[] = []
  readonly readErrors: ClusterError[] = []
  /** How many watches were opened. */
  watches = 0
  readonly #objects = new Map<string, KubernetesObject>()
  readonly #watchers = new Set<(change: Change) => void>()
  #version = 100

  /** Puts an object, as its author or a controller would, with a new resourceVersion. */
  put(resource: string, object: KubernetesObject): void {
    this.#version += 1
    const metadata = { ...object.metadata, resourceVersion: String(this.#version) }
    const key = `${resource}/${metadata.namespace}/${metadata.name}`
    const type = this.#objects.has(key) ? 'MODIFIED' : 'ADDED'
    this.#objects.set(key, { ...object, metadata })
    this.#tell({ key, event: { type, object: { ...object, metadata } } })
  }

  /** The object as it is now. */
  at(resource: string, namespace: string, name: string): KubernetesObject | undefined {
    return this.#objects.get(`${resource}/${namespace}/${name}`)
  }

  remove(resource: string, namespace: string, name: string): void {
    const key = `${resource}/${namespace}/${name}`
    const object = this.#objects.get(key)
    if (!object) return
    this.#objects.delete(key)
    this.#tell({ key, event: { type: 'DELETED', object } })
  }

  /** Ends every open watch: with an error, or as a server does whose time is up. */
  breakWatches(error: ClusterError): void {
    this.#tell({ key: '', error })
  }

  async get(path: ResourcePath): Promise<KubernetesObject> {
    const error = this.readErrors.shift()
    if (error) throw error
    return structuredClone(this.#find(path))
  }

  async *watch(path: ResourcePath, options: WatchOptions): AsyncGenerator<WatchEvent, void> {
    this.watches += 1
    const refusal = this.watchErrors.shift()
    if (refusal) throw refusal
    const key = keyOf({ ...path, name: options.fieldSelector?.replace('metadata.name=', '') ?? '' })
    const there = this.#objects.get(key)
    const waiting: Change[] = there ? [{ key, event: { type: 'ADDED', object: there } }] : []
    let wake = Promise.withResolvers<void>()
    const onChange = (change: Change) => {
      waiting.push(change)
      wake.resolve()
    }
    const onAbort = () => wake.resolve()
    this.#watchers.add(onChange)
    options.signal?.addEventListener('abort', onAbort)
    try {
      while (!options.signal?.aborted) {
        for (const change of waiting.splice(0)) {
          if (change.error) throw change.error
          if (change.key === key && change.event) yield structuredClone(change.event)
        }
        if (waiting.length > 0 || options.signal?.aborted) continue
        wake = Promise.withResolvers<void>()
        await wake.promise
      }
    } finally {
      this.#watchers.delete(onChange)
      options.signal?.removeEventListener('abort', onAbort)
    }
  }

  async list({ resource, namespace }: ResourcePath): Promise<KubernetesObject[]> {
    const start = namespace === undefined ? `${resource}/` : `${resource}/${namespace}/`
    const found = [...this.#objects].filter(([key]) => key.startsWith(start))
    return found.map(([, object]) => structuredClone(object))
  }

  async serves(): Promise<boolean> {
    return true
  }

  async jsonPatch(
    path: ResourcePath,
    operations: readonly JsonPatchOperation[],
    { dryRun = false }: WriteOptions = {},
  ): Promise<KubernetesObject> {
    const key = keyOf(path)
    this.patches.push({ dryRun, path: key })
    this.beforePatch?.()
    const refusal = this.refusals.get(key)
    if (refusal !== undefined) throw new ClusterError(`${key} is forbidden`, refusal, 'Forbidden')
    const before = this.#find(path)
    let after: KubernetesObject
    try {
      after = applyJsonPatch(before, operations)
    } catch (cause) {
      const message = 'the server rejected our request due to an error in our request'
      throw new ClusterError(message, 422, 'Invalid', '', { cause })
    }
    if (!dryRun) this.put(path.resource, after)
    return structuredClone(after)
  }

  async create(path: ResourcePath, object: KubernetesObject): Promise<KubernetesObject> {
    const name = object.metadata.name || `${object.metadata['generateName']}${this.#version}`
    const key = keyOf({ ...path, name })
    const refusal = this.refusals.get(path.resource)
    if (refusal !== undefined) throw new ClusterError(`${path.resource} is forbidden`, refusal, 'Forbidden')
    if (this.#objects.has(key)) throw new ClusterError(`${key} already exists`, 409, 'AlreadyExists')
    const metadata = { ...object.metadata, name, namespace: path.namespace ?? '' }
    this.put(path.resource, { ...object, metadata })
    return structuredClone(this.#find({ ...path, name }))
  }

  async apply(path: ResourcePath): Promise<KubernetesObject> {
    throw new ClusterError(`nothing is applied to ${keyOf(path)} here`, 415, 'UnsupportedMediaType')
  }

  async replace(path: ResourcePath, object: KubernetesObject): Promise<KubernetesObject> {
    this.beforePatch?.()
    const { resourceVersion } = this.#find(path).metadata
    if (object.metadata.resourceVersion !== resourceVersion) {
      throw new ClusterError(`${keyOf(path)} has been modified`, 409, 'Conflict')
    }
    this.put(path.resource, object)
    return structuredClone(this.#find(path))
  }

  async mergePatch(): Promise<never> {
    throw new Error('the engine sends JSON Patches only')
  }

  async strategicMergePatch(): Promise<never> {
    throw new Error('the engine sends JSON Patches only')
  }

  async close(): Promise<void> {}

  #tell(change: Change): void {
    for (const watcher of this.#watchers) watcher(change)
  }

  #find(path: ResourcePath): KubernetesObject {
    const object = this.#objects.get(keyOf(path))
    if (!object) throw new ClusterError(`${keyOf(path)} not found`, 404, 'NotFound')
    return object
  }
}

interface Change {
  readonly key: string
  readonly event?: WatchEvent
  readonly error?: ClusterError
}

function keyOf({ resource, namespace, name }: ResourcePath): string {
  return `${resource}/${namespace}/${name}`
}
