import { isObject, type Json, type JsonObject, textAt } from '../json.ts'
import type { ResourceType } from './resource-type.ts'
import { expired } from './status.ts'

/** One change, kept so that watches can resume and pages of a list stay consistent. */
export interface StoreEvent {
  readonly resourceVersion: number
  readonly type: ResourceType
  readonly key: string
  /** Absent: it was created. */
  readonly before?: JsonObject
  /** Absent: it was deleted. */
  readonly after?: JsonObject
}

/**
 * Every object by type, namespace and name, one rising resourceVersion over all of them, and the last
 * `historyLimit` changes – what etcd and the watch cache are to a kube-apiserver.
 */
export class ObjectStore {
  readonly #objects = new Map<ResourceType, Map<string, JsonObject>>()
  readonly #listeners = new Set<(event: StoreEvent) => void>()
  readonly #historyLimit: number
  #history: StoreEvent[] = []
  #resourceVersion = 1
  /** Changes up to here are forgotten. */
  #compacted = 0

  constructor(historyLimit = 5000) {
    this.#historyLimit = historyLimit
  }

  get resourceVersion(): number {
    return this.#resourceVersion
  }

  get(type: ResourceType, namespace: string, name: string): JsonObject | undefined {
    return this.#objects.get(type)?.get(keyOf(namespace, name))
  }

  /** Sorted by namespace and name. `at` gives the list as it was at that resourceVersion. */
  list(type: ResourceType, namespace = '', at = this.#resourceVersion): [key: string, object: JsonObject][] {
    const objects = new Map(this.#objects.get(type))
    if (at < this.#compacted) {
      throw expired(`The provided resource version is too old: ${at} (${this.#compacted})`)
    }
    for (const event of this.#history.toReversed()) {
      if (event.resourceVersion <= at) break
      if (event.type !== type) continue
      if (event.before) objects.set(event.key, event.before)
      else objects.delete(event.key)
    }
    return [...objects]
      .filter(([key]) => !namespace || key.startsWith(`${namespace}/`))
      .sort(([a], [b]) => (a < b ? -1 : 1))
  }

  /** Every object of a namespace, whatever its type. */
  contentsOf(namespace: string): [type: ResourceType, name: string][] {
    return [...this.#objects].flatMap(([type, objects]) =>
      [...objects.keys()]
        .filter((key) => key.startsWith(`${namespace}/`))
        .map((key): [ResourceType, string] => [type, key.slice(namespace.length + 1)]),
    )
  }

  /** Stores the object under a new resourceVersion and tells every listener. Returns it as stored. */
  put(type: ResourceType, object: JsonObject): JsonObject {
    const key = keyOf(textAt(object, 'metadata', 'namespace'), textAt(object, 'metadata', 'name'))
    const byKey = this.#objects.get(type) ?? new Map<string, JsonObject>()
    this.#objects.set(type, byKey)
    const before = byKey.get(key)
    const after = this.#versioned(object)
    byKey.set(key, after)
    this.#record({
      resourceVersion: this.#resourceVersion,
      type,
      key,
      ...(before ? { before } : {}),
      after,
    })
    return after
  }

  /** Removes the object; its last state, at the resourceVersion of its deletion, is returned. */
  remove(type: ResourceType, namespace: string, name: string): JsonObject | undefined {
    const key = keyOf(namespace, name)
    const before = this.#objects.get(type)?.get(key)
    if (!before) return undefined
    this.#objects.get(type)?.delete(key)
    const last = this.#versioned(before)
    this.#record({ resourceVersion: this.#resourceVersion, type, key, before })
    return last
  }

  /**
   * Calls `listener` for each change of the type after `since`, those already made first.
   * @returns a function that stops it
   * @throws ApiStatusError 410 when changes since then are forgotten.
   */
  subscribe(type: ResourceType, since: number, listener: (event: StoreEvent) => void): () => void {
    if (since < this.#compacted) {
      throw expired(`too old resource version: ${since} (${this.#compacted})`)
    }
    const onChange = (event: StoreEvent): void => {
      if (event.type === type && event.resourceVersion > since) listener(event)
    }
    for (const event of this.#history) onChange(event)
    this.#listeners.add(onChange)
    return () => this.#listeners.delete(onChange)
  }

  /** Forgets every change made so far, as etcd's compaction does. */
  compact(): void {
    this.#history = []
    this.#compacted = this.#resourceVersion
  }

  #versioned(object: JsonObject): JsonObject {
    this.#resourceVersion += 1
    const metadata = isObject(object['metadata']) ? object['metadata'] : {}
    return { ...object, metadata: { ...metadata, resourceVersion: String(this.#resourceVersion) } }
  }

  #record(event: StoreEvent): void {
    this.#history.push(event)
    // Dropping in blocks keeps this O(1) on average.
    if (this.#history.length > this.#historyLimit * 1.25) {
      const kept = this.#history.slice(-this.#historyLimit)
      this.#compacted = (kept[0]?.resourceVersion ?? this.#resourceVersion) - 1
      this.#history = kept
    }
    for (const listener of [...this.#listeners]) listener(event)
  }
}

/** `argocd/shop`; `/argocd` for what has no namespace. */
function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`
}

/** Kind and apiVersion first, as every Kubernetes answer has them. */
export function typed(kind: string, apiVersion: string, rest: JsonObject): JsonObject {
  const body: { [key: string]: Json } = { kind, apiVersion }
  for (const [key, value] of Object.entries(rest))
    if (key !== 'kind' && key !== 'apiVersion') body[key] = value
  return body
}
