import { type JsonObject, numberAt, objectAt, textAt } from '../json.ts'
import { type ClusterView, type Kind, nameOf, ownerUid, uidOf } from './cluster-view.ts'
import { isReady } from './kubelet.ts'
import { createPod, replicaCounts, reportStatus, templateHash } from './pod-owner.ts'
import { runReplicaSets } from './replica-sets.ts'

/** The controller manager: keeps pods for every workload, replaces them when a template changes, reports. */
export async function runWorkloads(view: ClusterView): Promise<void> {
  await collectGarbage(view)
  await Promise.all([
    ...view.all('Deployment').map((deployment) => runReplicaSets(view, 'Deployment', deployment)),
    ...view.all('Rollout').map((rollout) => runReplicaSets(view, 'Rollout', rollout)),
    ...view.all('StatefulSet').map((set) => runStatefulSet(view, set)),
    ...view.all('DaemonSet').map((set) => runDaemonSet(view, set)),
  ])
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

/** StatefulSet: pods by number, each replaced in place. */
async function runStatefulSet(view: ClusterView, set: JsonObject): Promise<void> {
  const wanted = numberAt(set, 1, 'spec', 'replicas')
  const revision = `${nameOf(set)}-${templateHash(objectAt(set, 'spec', 'template'))}`
  const names = Array.from({ length: wanted }, (_, index) => `${nameOf(set)}-${index}`)
  for (const pod of view.ownedBy('Pod', set)) {
    if (revisionLabel(pod) !== revision || !names.includes(nameOf(pod))) await view.remove('Pod', pod)
  }
  const present = new Set(view.ownedBy('Pod', set).map(nameOf))
  for (const name of names.filter((candidate) => !present.has(candidate))) {
    const labels = { 'controller-revision-hash': revision, 'statefulset.kubernetes.io/pod-name': name }
    await createPod(view, 'StatefulSet', set, { name, labels })
  }
  const pods = view.ownedBy('Pod', set)
  const ready = pods.filter(isReady).length
  await reportStatus(view, 'StatefulSet', set, {
    ...replicaCounts(pods.length, ready),
    currentReplicas: pods.length,
    updatedReplicas: pods.length,
    updateRevision: revision,
    currentRevision: ready >= wanted ? revision : textAt(set, 'status', 'currentRevision') || revision,
  })
}

/** DaemonSet: one pod, for there is one node. */
async function runDaemonSet(view: ClusterView, set: JsonObject): Promise<void> {
  const revision = templateHash(objectAt(set, 'spec', 'template'))
  for (const pod of view.ownedBy('Pod', set)) {
    if (revisionLabel(pod) !== revision) await view.remove('Pod', pod)
  }
  if (view.ownedBy('Pod', set).length === 0) {
    const labels = { 'controller-revision-hash': revision }
    await createPod(view, 'DaemonSet', set, { generateName: `${nameOf(set)}-`, labels })
  }
  const ready = view.ownedBy('Pod', set).filter(isReady).length
  await reportStatus(view, 'DaemonSet', set, {
    desiredNumberScheduled: 1,
    currentNumberScheduled: 1,
    numberMisscheduled: 0,
    updatedNumberScheduled: 1,
    numberReady: ready,
    numberAvailable: ready,
    numberUnavailable: 1 - ready,
  })
}

function revisionLabel(pod: JsonObject): string {
  return textAt(pod, 'metadata', 'labels', 'controller-revision-hash')
}
