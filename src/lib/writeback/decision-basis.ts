import { CHANGE_RECORD } from '../application/change-record.ts'
import type { FieldChange } from '../application/field-change.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { differences } from './differences.ts'

/** Annotations that rules and holds are read from; every other is somebody else's bookkeeping. */
const RULE_PREFIXES = ['argocd-image-updater.argoproj.io/', 'kubectl-image-updater/']

/**
 * What has changed in an object since it was read that a decision may have rested on: what it is (its
 * UID), that it is to stay, its rules and holds, and its spec. Replicas are left out, since autoscalers write
 * them; status is, since controllers do; and other annotations are, since Argo CD notes requests for a
 * refresh and sent notifications there. So is the record of changes, which everybody who writes adds to.
 */
export function basisChanges(read: KubernetesObject, fresh: KubernetesObject): readonly FieldChange[] {
  return differences(basisOf(read), basisOf(fresh))
}

function basisOf({ metadata, spec }: KubernetesObject): unknown {
  const rules = Object.entries(metadata.annotations ?? {}).filter(
    ([key]) => key !== CHANGE_RECORD && RULE_PREFIXES.some((prefix) => key.startsWith(prefix)),
  )
  const { uid, deletionTimestamp } = metadata
  return {
    metadata: { uid, deletionTimestamp, annotations: Object.fromEntries(rules) },
    spec: typeof spec === 'object' ? { ...spec, replicas: undefined } : spec,
  }
}
