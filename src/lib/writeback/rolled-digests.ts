import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { ObjectField } from '../application/object-field.ts'

/**
 * Annotation of a Pod template: which image each container was last restarted for, as a JSON object from
 * container name to `tag@sha256:…`. It is in the template so that undoing the rollout undoes the note too.
 */
export const ROLLED_DIGESTS = 'kubectl-image-updater/rolled-digests'

/** By which kubectl restarts a workload: any change of the template replaces the Pods. */
export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt'

/** What a workload notes about the last restart for a container. */
export interface RestartState {
  /** `tag@sha256:…`; '' when nothing is noted. */
  readonly noted: string
  /** Whether that is the wanted image: then it has been restarted for it, and once is enough. */
  readonly current: boolean
  /** When it was restarted, RFC 3339; '' when never. By whom and what for is not known. */
  readonly restartedAt: string
}

/** Whether a container has already been restarted for `wanted`, which is `tag@sha256:…`. */
export function restartState(workload: KubernetesObject, container: string, wanted: string): RestartState {
  const noted = readRolledDigests(workload)[container] ?? ''
  const annotations = templateOf(workload).member('metadata').member('annotations')
  return { noted, current: noted === wanted, restartedAt: annotations.member(RESTARTED_AT).text() }
}

/** The note as it is; empty when there is none, or when something else wrote it. */
export function readRolledDigests(workload: KubernetesObject): Readonly<Record<string, string>> {
  const text = templateOf(workload).member('metadata').member('annotations').member(ROLLED_DIGESTS).text()
  const note = parseObject(text)
  return Object.fromEntries(
    Object.entries(note).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}

/** The Pod template of a workload. */
export function templateOf(workload: KubernetesObject): ObjectField {
  const owner = `${workload.kind?.toLowerCase() ?? 'workload'}/${workload.metadata.name}`
  return new ObjectField(owner, workload).member('spec').member('template')
}

/** The members of a JSON object; none when the text is anything else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}
