import { createHash } from 'node:crypto'
import { timestamp } from '../api/writes.ts'
import { canonicalText, type JsonObject, numberAt, objectAt, textAt } from '../json.ts'
import {
  type ClusterView,
  conditionsSince,
  controllerReference,
  type Kind,
  nameOf,
  namespaceOf,
  ownerUid,
  uidOf,
} from './cluster-view.ts'
import { contains } from './contains.ts'
import { isReady, NODE } from './kubelet.ts'

const REVISION = 'deployment.kubernetes.io/revision'

/** The controller manager: keeps pods for every workload, replaces them when a template changes, reports. */
export async function runWorkloads(view: ClusterView): Promise<void> {
  await collectGarbage(view)
  for (const deployment of view.all('Deployment')) await runReplicaSets(view, 'Deployment', deployment)
  for (const rollout of view.all('Rollout')) await runReplicaSets(view, 'Rollout', rollout)
  for (const set of view.all('StatefulSet')) await runStatefulSet(view, set)
  for (const set of view.all('DaemonSet')) await runDaemonSet(view, set)
}

/** Deletes what a deleted owner leaves behind. */
async function collectGarbage(view: ClusterView): Promise<void> {
  const owners: readonly Kind[] = ['Deployment', 'Rollout', 'StatefulSet', 'DaemonSet', 'ReplicaSet']
  const living = new Set(owners.flatMap((kind) => view.all(kind).map(uidOf)))
  for (const kind of ['ReplicaSet', 'Pod'] as const) {
    for (const object of view.all(kind)) {
      const owner = ownerUid(object)
      if (owner !== '' && !living.has(owner)) await view.remove(kind, object)
    }
  }
}

/** Deployment and Rollout: a ReplicaSet a template; old pods go once the new ones are ready. */
async function runReplicaSets(
  view: ClusterView,
  kind: 'Deployment' | 'Rollout',
  owner: JsonObject,
): Promise<void> {
  const wanted = numberAt(owner, 1, 'spec', 'replicas')
  const template = objectAt(owner, 'spec', 'template')
  const hash = templateHash(template)
  const name = `${nameOf(owner)}-${hash}`
  const labels = { [kind === 'Deployment' ? 'pod-template-hash' : 'rollouts-pod-template-hash']: hash }
  const sets = view.ownedBy('ReplicaSet', owner)
  const current = sets.find((set) => nameOf(set) === name)
  if (!current) {
    const revision =
      Math.max(0, ...sets.map((set) => Number(textAt(set, 'metadata', 'annotations', REVISION)))) + 1
    await view.create('ReplicaSet', namespaceOf(owner), {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name,
        labels: { ...objectAt(template, 'metadata', 'labels'), ...labels },
        annotations: { [REVISION]: String(revision) },
        ownerReferences: [controllerReference(kind, owner)],
      },
      spec: {
        replicas: wanted,
        selector: { matchLabels: { ...objectAt(owner, 'spec', 'selector', 'matchLabels'), ...labels } },
        template: {
          ...template,
          metadata: {
            ...objectAt(template, 'metadata'),
            labels: { ...objectAt(template, 'metadata', 'labels'), ...labels },
          },
        },
      },
    })
    return
  }
  const pods = view.ownedBy('Pod', current)
  for (let missing = wanted - pods.length; missing > 0; missing -= 1) {
    await createPod(view, 'ReplicaSet', current, { generateName: `${name}-` })
  }
  for (const extra of pods.slice(wanted)) await view.remove('Pod', extra)
  if (numberAt(current, 1, 'spec', 'replicas') !== wanted) {
    await view.patch('ReplicaSet', current, { spec: { replicas: wanted } })
  }
  const old = sets.filter((set) => set !== current)
  const oldPods = old.flatMap((set) => view.ownedBy('Pod', set))
  const ready = pods.filter(isReady).length
  if (ready >= wanted) {
    for (const pod of oldPods) await view.remove('Pod', pod)
    for (const set of old) {
      if (numberAt(set, 1, 'spec', 'replicas') !== 0)
        await view.patch('ReplicaSet', set, { spec: { replicas: 0 } })
    }
  }
  for (const set of sets) await reportReplicaSet(view, set)
  await report(view, kind, owner, {
    ...counts(pods.length + oldPods.length, ready + oldPods.filter(isReady).length),
    updatedReplicas: pods.length,
    unavailableReplicas: Math.max(0, wanted - ready),
    ...(kind === 'Rollout'
      ? { phase: ready >= wanted && oldPods.length === 0 ? 'Healthy' : 'Progressing' }
      : {}),
    conditions: conditionsSince(
      objectAt(owner, 'status'),
      [
        ready >= wanted
          ? { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' }
          : { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable' },
        {
          type: 'Progressing',
          status: 'True',
          reason: ready >= wanted ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
        },
      ],
      timestamp(new Date()),
    ),
  })
}

function counts(replicas: number, ready: number): JsonObject {
  return { replicas, readyReplicas: ready, availableReplicas: ready }
}

async function reportReplicaSet(view: ClusterView, set: JsonObject): Promise<void> {
  const pods = view.ownedBy('Pod', set)
  await report(view, 'ReplicaSet', set, counts(pods.length, pods.filter(isReady).length))
}

/** StatefulSet: pods by number, each replaced in place. */
async function runStatefulSet(view: ClusterView, set: JsonObject): Promise<void> {
  const wanted = numberAt(set, 1, 'spec', 'replicas')
  const revision = `${nameOf(set)}-${templateHash(objectAt(set, 'spec', 'template'))}`
  const pods = view.ownedBy('Pod', set)
  const current = pods.filter((pod) => revisionLabel(pod) === revision)
  const names = Array.from({ length: wanted }, (_, index) => `${nameOf(set)}-${index}`)
  for (const pod of pods) {
    if (!current.includes(pod) || !names.includes(nameOf(pod))) await view.remove('Pod', pod)
  }
  for (const name of names) {
    if (pods.some((pod) => nameOf(pod) === name)) continue
    const labels = { 'controller-revision-hash': revision, 'statefulset.kubernetes.io/pod-name': name }
    await createPod(view, 'StatefulSet', set, { name, labels })
  }
  const ready = current.filter(isReady).length
  await report(view, 'StatefulSet', set, {
    ...counts(pods.length, ready),
    currentReplicas: current.length,
    updatedReplicas: current.length,
    updateRevision: revision,
    currentRevision: ready >= wanted ? revision : textAt(set, 'status', 'currentRevision') || revision,
  })
}

/** DaemonSet: one pod, for there is one node. */
async function runDaemonSet(view: ClusterView, set: JsonObject): Promise<void> {
  const revision = templateHash(objectAt(set, 'spec', 'template'))
  const pods = view.ownedBy('Pod', set)
  const current = pods.filter((pod) => revisionLabel(pod) === revision)
  for (const pod of pods) if (!current.includes(pod)) await view.remove('Pod', pod)
  if (pods.length === 0) {
    const labels = { 'controller-revision-hash': revision }
    await createPod(view, 'DaemonSet', set, { generateName: `${nameOf(set)}-`, labels })
  }
  const ready = current.filter(isReady).length
  await report(view, 'DaemonSet', set, {
    desiredNumberScheduled: 1,
    currentNumberScheduled: current.length,
    updatedNumberScheduled: current.length,
    numberReady: ready,
    numberAvailable: ready,
    numberUnavailable: 1 - ready,
  })
}

function revisionLabel(pod: JsonObject): string {
  return textAt(pod, 'metadata', 'labels', 'controller-revision-hash')
}

async function createPod(
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

async function report(view: ClusterView, kind: Kind, owner: JsonObject, status: JsonObject): Promise<void> {
  const complete = { observedGeneration: numberAt(owner, 1, 'metadata', 'generation'), ...status }
  // Argo Rollouts writes it as text.
  const wanted =
    kind === 'Rollout' ? { ...complete, observedGeneration: String(complete.observedGeneration) } : complete
  if (!contains(objectAt(owner, 'status'), wanted)) await view.patchStatus(kind, owner, wanted)
}

function templateHash(template: JsonObject): string {
  return createHash('sha256').update(canonicalText(template)).digest('hex').slice(0, 10)
}
