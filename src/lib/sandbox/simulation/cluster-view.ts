import type { KubernetesObject } from '../../application/kubernetes-object.ts'
import { ClusterError } from '../../cluster/client.ts'
import type { ResourcePath } from '../../cluster/resource-path.ts'
import { apiVersionOf } from '../api/resource-type.ts'
import { isObject, type Json, type JsonObject, listAt, textAt } from '../json.ts'
import type { SimulationClient } from './client.ts'

/** The kinds the simulated controllers look after. */
export const KINDS = {
  Application: { group: 'argoproj.io', version: 'v1alpha1', resource: 'applications' },
  Rollout: { group: 'argoproj.io', version: 'v1alpha1', resource: 'rollouts' },
  Deployment: { group: 'apps', version: 'v1', resource: 'deployments' },
  StatefulSet: { group: 'apps', version: 'v1', resource: 'statefulsets' },
  DaemonSet: { group: 'apps', version: 'v1', resource: 'daemonsets' },
  ReplicaSet: { group: 'apps', version: 'v1', resource: 'replicasets' },
  Pod: { group: '', version: 'v1', resource: 'pods' },
} as const satisfies Record<string, ResourcePath>

export type Kind = keyof typeof KINDS

/**
 * The cluster as the controllers see it, and their way to change it. It keeps up with its own changes;
 * those of others show when it is read again. `writes` counts the changes made.
 */
export class ClusterView {
  readonly #client: SimulationClient
  readonly #objects: ReadonlyMap<Kind, Map<string, JsonObject>>
  writes = 0
  /** Milliseconds until something follows that no change in the cluster announces; Infinity: nothing will. */
  wakeAfter = Number.POSITIVE_INFINITY

  private constructor(client: SimulationClient, objects: ReadonlyMap<Kind, Map<string, JsonObject>>) {
    this.#client = client
    this.#objects = objects
  }

  /** Reads everything; kinds the cluster does not serve are empty. */
  static async read(client: SimulationClient): Promise<ClusterView> {
    const kinds = Object.keys(KINDS) as Kind[]
    const lists = await Promise.all(kinds.map((kind) => listKind(client, kind)))
    return new ClusterView(
      client,
      new Map(
        kinds.map((kind, index) => [
          kind,
          new Map((lists[index] ?? []).map((object) => [keyOf(object), object])),
        ]),
      ),
    )
  }

  all(kind: Kind): readonly JsonObject[] {
    return [...(this.#objects.get(kind)?.values() ?? [])]
  }

  find(kind: Kind, namespace: string, name: string): JsonObject | undefined {
    return this.#objects.get(kind)?.get(`${namespace}/${name}`)
  }

  /** The objects of a kind that `owner` controls. */
  ownedBy(kind: Kind, owner: JsonObject): JsonObject[] {
    return this.all(kind).filter((object) => ownerUid(object) === uidOf(owner))
  }

  create(kind: Kind, namespace: string, object: JsonObject): Promise<JsonObject> {
    return this.#remember(kind, this.#client.create({ ...KINDS[kind], namespace }, object as never))
  }

  /** A merge patch on the object itself; Applications keep their status there. */
  patch(kind: Kind, object: JsonObject, patch: JsonObject): Promise<JsonObject> {
    return this.#remember(kind, this.#client.mergePatch(pathOf(kind, object), patch))
  }

  /** A merge patch on `…/status`. */
  patchStatus(kind: Kind, object: JsonObject, status: JsonObject): Promise<JsonObject> {
    const path = { ...pathOf(kind, object), subresource: 'status' }
    return this.#remember(kind, this.#client.mergePatch(path, { status }))
  }

  /** A strategic merge patch, or a merge patch where the kind is a custom resource. */
  apply(kind: Kind, object: JsonObject, patch: JsonObject): Promise<JsonObject> {
    if (kind === 'Rollout') return this.patch(kind, object, patch)
    return this.#remember(kind, this.#client.strategicMergePatch(pathOf(kind, object), patch))
  }

  /** Asks for another reading after so many milliseconds, whether or not anything changes. */
  wakeIn(milliseconds: number): void {
    this.wakeAfter = Math.min(this.wakeAfter, milliseconds)
  }

  async remove(kind: Kind, object: JsonObject): Promise<void> {
    await this.#client.remove(pathOf(kind, object))
    this.writes += 1
    this.#objects.get(kind)?.delete(keyOf(object))
  }

  async #remember(kind: Kind, answer: Promise<KubernetesObject>): Promise<JsonObject> {
    const object = (await answer) as unknown as JsonObject
    this.writes += 1
    this.#objects.get(kind)?.set(keyOf(object), object)
    return object
  }
}

async function listKind(client: SimulationClient, kind: Kind): Promise<JsonObject[]> {
  try {
    const items = (await client.list(KINDS[kind])) as unknown as JsonObject[]
    // Items of a list of a built-in kind carry neither.
    return items.map((item) => ({ apiVersion: apiVersionOf(KINDS[kind]), kind, ...item }))
  } catch (error) {
    if (error instanceof ClusterError && error.status === 404) return []
    throw error
  }
}

function keyOf(object: JsonObject): string {
  return `${namespaceOf(object)}/${nameOf(object)}`
}

function pathOf(kind: Kind, object: JsonObject): ResourcePath {
  return { ...KINDS[kind], namespace: namespaceOf(object), name: nameOf(object) }
}

export const nameOf = (object: JsonObject): string => textAt(object, 'metadata', 'name')
export const namespaceOf = (object: JsonObject): string => textAt(object, 'metadata', 'namespace')
export const uidOf = (object: JsonObject): string => textAt(object, 'metadata', 'uid')

/** The uid of the controlling owner; '' where there is none. */
export function ownerUid(object: JsonObject): string {
  const owner = listAt(object, 'metadata', 'ownerReferences').find(
    (reference) => isObject(reference) && reference['controller'] === true,
  )
  return textAt(owner, 'uid')
}

/** The reference an object carries to its controller. */
export function controllerReference(kind: Kind, owner: JsonObject): JsonObject {
  return {
    apiVersion: apiVersionOf(KINDS[kind]),
    kind,
    name: nameOf(owner),
    uid: uidOf(owner),
    controller: true,
    blockOwnerDeletion: true,
  }
}

/** Conditions with the time at which each took its present status. */
export function conditionsSince(
  live: JsonObject,
  wanted: readonly (JsonObject & { type: string; status: string; reason: string })[],
  now: string,
): Json[] {
  return wanted.map((condition) => {
    const before = listAt(live, 'conditions').find((item) => textAt(item, 'type') === condition.type)
    const same = textAt(before, 'status') === condition.status
    const since = same ? textAt(before, 'lastTransitionTime') : ''
    return { ...condition, lastTransitionTime: since || now }
  })
}
