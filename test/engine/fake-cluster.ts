import type { JsonPatchOperation } from '../../src/lib/application/json-patch.ts'
import type { KubernetesObject } from '../../src/lib/application/kubernetes-object.ts'
import { type ClusterClient, ClusterError, type WriteOptions } from '../../src/lib/cluster/client.ts'
import type { ResourcePath } from '../../src/lib/cluster/resource-path.ts'
import { applyJsonPatch } from '../application/apply-json-patch.ts'

/** An API server in memory, as far as the engine uses one: reads, and JSON Patches whose tests count. */
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
  readonly #objects = new Map<string, KubernetesObject>()
  #version = 100

  /** Puts an object, as its author or a controller would, with a new resourceVersion. */
  put(resource: string, object: KubernetesObject): void {
    this.#version += 1
    const metadata = { ...object.metadata, resourceVersion: String(this.#version) }
    this.#objects.set(`${resource}/${metadata.namespace}/${metadata.name}`, { ...object, metadata })
  }

  /** The object as it is now. */
  at(resource: string, namespace: string, name: string): KubernetesObject | undefined {
    return this.#objects.get(`${resource}/${namespace}/${name}`)
  }

  remove(resource: string, namespace: string, name: string): void {
    this.#objects.delete(`${resource}/${namespace}/${name}`)
  }

  async get(path: ResourcePath): Promise<KubernetesObject> {
    return structuredClone(this.#find(path))
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

  async create(): Promise<never> {
    throw new Error('the engine creates nothing')
  }

  async mergePatch(): Promise<never> {
    throw new Error('the engine sends JSON Patches only')
  }

  async strategicMergePatch(): Promise<never> {
    throw new Error('the engine sends JSON Patches only')
  }

  async close(): Promise<void> {}

  #find(path: ResourcePath): KubernetesObject {
    const object = this.#objects.get(keyOf(path))
    if (!object) throw new ClusterError(`${keyOf(path)} not found`, 404, 'NotFound')
    return object
  }
}

function keyOf({ resource, namespace, name }: ResourcePath): string {
  return `${resource}/${namespace}/${name}`
}
