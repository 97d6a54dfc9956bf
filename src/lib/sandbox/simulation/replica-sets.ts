import { timestamp } from '../api/writes.ts'
import { type JsonObject, listAt, numberAt, objectAt, textAt } from '../json.ts'
import {
  type ClusterView,
  conditionsSince,
  controllerReference,
  nameOf,
  namespaceOf,
} from './cluster-view.ts'
import { DEADLINE_EXCEEDED } from './health.ts'
import { isReady } from './kubelet.ts'
import { createPod, replicaCounts, reportStatus, templateHash } from './pod-owner.ts'

const REVISION = 'deployment.kubernetes.io/revision'
const HASH_LABEL = { Deployment: 'pod-template-hash', Rollout: 'rollouts-pod-template-hash' } as const

/** Deployment and Rollout: a ReplicaSet a template; old pods go once the new ones are ready. */
export async function runReplicaSets(
  view: ClusterView,
  kind: 'Deployment' | 'Rollout',
  owner: JsonObject,
): Promise<void> {
  const wanted = numberAt(owner, 1, 'spec', 'replicas')
  const sets = view.ownedBy('ReplicaSet', owner)
  const hash = templateHash(objectAt(owner, 'spec', 'template'))
  const current =
    sets.find((set) => textAt(set, 'metadata', 'labels', HASH_LABEL[kind]) === hash) ??
    (await view.create('ReplicaSet', namespaceOf(owner), newReplicaSet(kind, owner, hash, sets, wanted)))
  const old = sets.filter((set) => set !== current)
  await scale(view, current, wanted)
  if (view.ownedBy('Pod', current).filter(isReady).length >= wanted) {
    for (const set of old) await scale(view, set, 0)
  }
  for (const set of [current, ...old]) {
    const pods = view.ownedBy('Pod', set)
    await reportStatus(view, 'ReplicaSet', set, replicaCounts(pods.length, pods.filter(isReady).length))
  }
  await reportRollout(view, kind, owner, current, old)
}

function newReplicaSet(
  kind: 'Deployment' | 'Rollout',
  owner: JsonObject,
  hash: string,
  sets: readonly JsonObject[],
  replicas: number,
): JsonObject {
  const template = objectAt(owner, 'spec', 'template')
  const label = { [HASH_LABEL[kind]]: hash }
  const labels = { ...objectAt(template, 'metadata', 'labels'), ...label }
  const revisions = sets.map((set) => Number(textAt(set, 'metadata', 'annotations', REVISION)))
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${nameOf(owner)}-${hash}`,
      labels,
      annotations: { [REVISION]: String(Math.max(0, ...revisions) + 1) },
      ownerReferences: [controllerReference(kind, owner)],
    },
    spec: {
      replicas,
      selector: { matchLabels: { ...objectAt(owner, 'spec', 'selector', 'matchLabels'), ...label } },
      template: { ...template, metadata: { ...objectAt(template, 'metadata'), labels } },
    },
  }
}

/** Makes a ReplicaSet have this many pods, and say so. */
async function scale(view: ClusterView, set: JsonObject, wanted: number): Promise<void> {
  const pods = view.ownedBy('Pod', set)
  for (let missing = wanted - pods.length; missing > 0; missing -= 1) {
    await createPod(view, 'ReplicaSet', set, { generateName: `${nameOf(set)}-` })
  }
  for (const extra of pods.slice(wanted)) await view.remove('Pod', extra)
  if (numberAt(set, 1, 'spec', 'replicas') !== wanted) {
    await view.patch('ReplicaSet', set, { spec: { replicas: wanted } })
  }
}

async function reportRollout(
  view: ClusterView,
  kind: 'Deployment' | 'Rollout',
  owner: JsonObject,
  current: JsonObject,
  old: readonly JsonObject[],
): Promise<void> {
  const wanted = numberAt(owner, 1, 'spec', 'replicas')
  const pods = view.ownedBy('Pod', current)
  const oldPods = old.flatMap((set) => view.ownedBy('Pod', set))
  const updated = pods.filter(isReady).length
  const ready = updated + oldPods.filter(isReady).length
  const complete = updated >= wanted && oldPods.length === 0
  const available = ready >= wanted
  const progress = progressOf(view, owner, nameOf(current), complete)
  const phase = complete ? 'Healthy' : progress.status === 'True' ? 'Progressing' : 'Degraded'
  await reportStatus(view, kind, owner, {
    ...replicaCounts(pods.length + oldPods.length, ready),
    updatedReplicas: pods.length,
    unavailableReplicas: Math.max(0, wanted - ready),
    ...(kind === 'Rollout' ? { phase } : {}),
    conditions: conditionsSince(
      objectAt(owner, 'status'),
      [
        {
          type: 'Available',
          status: available ? 'True' : 'False',
          reason: available ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
        },
        progress,
      ],
      timestamp(new Date()),
    ),
  })
}

/** The condition Progressing. Its `lastUpdateTime` is when something last moved, from which the deadline counts. */
function progressOf(view: ClusterView, owner: JsonObject, set: string, complete: boolean) {
  const before = listAt(owner, 'status', 'conditions').find((item) => textAt(item, 'type') === 'Progressing')
  const now = timestamp(new Date())
  const message = `ReplicaSet "${set}" ${complete ? 'has successfully progressed' : 'is progressing'}.`
  const type = 'Progressing'
  if (complete) {
    const done = 'NewReplicaSetAvailable'
    const same = textAt(before, 'reason') === done && textAt(before, 'message') === message
    const lastUpdateTime = same ? textAt(before, 'lastUpdateTime') : now
    return { type, status: 'True', reason: done, message, lastUpdateTime }
  }
  const overdue = `ReplicaSet "${set}" has timed out progressing.`
  const waiting = textAt(before, 'message') === message
  const since = waiting || textAt(before, 'message') === overdue ? textAt(before, 'lastUpdateTime') : now
  const left = Date.parse(since) + numberAt(owner, 600, 'spec', 'progressDeadlineSeconds') * 1000 - Date.now()
  if (textAt(before, 'message') === overdue || left <= 0) {
    return { type, status: 'False', reason: DEADLINE_EXCEEDED, message: overdue, lastUpdateTime: since }
  }
  view.wakeIn(left)
  return { type, status: 'True', reason: 'ReplicaSetUpdated', message, lastUpdateTime: since }
}
