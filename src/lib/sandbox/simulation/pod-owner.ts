import { createHash } from 'node:crypto'
import { canonicalText, type JsonObject, numberAt, objectAt } from '../json.ts'
import { type ClusterView, controllerReference, type Kind, namespaceOf } from './cluster-view.ts'
import { contains } from './contains.ts'
import { NODE } from './kubelet.ts'

/** Creates a pod from the owner's template on the node; `metadata` names it and adds labels. */
export async function createPod(
  view: ClusterView,
  kind: Kind,
  owner: JsonObject,
  metadata: JsonObject,
): Promise<void> {
  const template = objectAt(owner, 'spec', 'template')
  const { creationTimestamp: _none, ...given } = objectAt(template, 'metadata')
  await view.create('Pod', namespaceOf(owner), {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...given,
      ...metadata,
      labels: { ...objectAt(given, 'labels'), ...objectAt(metadata, 'labels') },
      ownerReferences: [controllerReference(kind, owner)],
    },
    spec: { ...objectAt(template, 'spec'), nodeName: NODE },
  })
}

/** Writes the status of a workload where it differs, with the generation it speaks of. */
export async function reportStatus(
  view: ClusterView,
  kind: Kind,
  owner: JsonObject,
  status: JsonObject,
): Promise<void> {
  const generation = numberAt(owner, 1, 'metadata', 'generation')
  // Argo Rollouts writes it as text.
  const wanted = { observedGeneration: kind === 'Rollout' ? String(generation) : generation, ...status }
  if (!contains(objectAt(owner, 'status'), wanted)) await view.patchStatus(kind, owner, wanted)
}

export function replicaCounts(replicas: number, ready: number): JsonObject {
  return { replicas, readyReplicas: ready, availableReplicas: ready }
}

/** The same text for the same pod template. */
export function templateHash(template: JsonObject): string {
  return createHash('sha256').update(canonicalText(template)).digest('hex').slice(0, 10)
}
