import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { isForbidden, isNotFound } from './status-error.ts'

/** Something that could not be read, as data: the rest of the work goes on without it. */
export interface ReadProblem {
  readonly kind: string
  readonly namespace: string
  /** '' for a whole collection. */
  readonly name: string
  /** As in ClusterError: `NotFound`, `Forbidden`, `NoSuchResourceType`, …; or `Broken`. */
  readonly reason: string
  /** One line each. */
  readonly problem: string
  readonly remedy: string
}

/** What could be read, and what could not. */
export interface ReadResult<Found extends KubernetesObject = KubernetesObject> {
  readonly objects: readonly Found[]
  readonly problems: readonly ReadProblem[]
}

/**
 * Turns an error about one object into a problem, if it is one that others may not share: missing or not
 * allowed. Anything else, such as an unreachable server, is thrown on.
 */
export function toReadProblem(
  error: unknown,
  subject: Pick<ReadProblem, 'kind' | 'namespace' | 'name'>,
): ReadProblem {
  if (!isForbidden(error) && !isNotFound(error)) throw error
  return { ...subject, reason: error.reason, problem: error.message, remedy: error.remedy }
}
