import type { ApplicationSource } from '../../application/application.ts'
import { timestamp } from '../api/writes.ts'
import { type Json, type JsonObject, listAt, numberAt, objectAt, valueAt } from '../json.ts'
import type { ManifestSource } from './manifest-source.ts'

/** What an Application wants in the cluster, rendered. */
export interface Target {
  readonly sources: readonly ApplicationSource[]
  readonly found: readonly ManifestSource[]
  readonly revisions: readonly string[]
  readonly manifests: readonly JsonObject[]
}

/** Argo CD's default of `spec.revisionHistoryLimit`. */
const HISTORY_LIMIT = 10

/** What was synced, as Argo CD notes it in `status.history` and `status.operationState.syncResult`. */
export function sourceFields(object: JsonObject, { sources, revisions }: Target): JsonObject {
  return valueAt(object, 'spec', 'sources') === undefined
    ? { revision: revisions[0] ?? '', source: (sources[0] ?? {}) as unknown as Json }
    : { revisions: [...revisions], sources: [...sources] as unknown as Json }
}

/** The part of the status that tells of a sync that went well: a further entry of the history, and the operation. */
export function syncRecord(object: JsonObject, target: Target, at: Date): JsonObject {
  const now = timestamp(at)
  const history = listAt(object, 'status', 'history')
  const fields = sourceFields(object, target)
  const limit = numberAt(object, HISTORY_LIMIT, 'spec', 'revisionHistoryLimit')
  const entry = {
    id: numberAt(history.at(-1), -1, 'id') + 1,
    deployStartedAt: now,
    deployedAt: now,
    initiatedBy: objectAt(operationOf(object, target), 'initiatedBy'),
    ...fields,
  }
  return {
    history: limit > 0 ? [...history, entry].slice(-limit) : [],
    operationState: {
      phase: 'Succeeded',
      message: 'successfully synced (all tasks run)',
      startedAt: now,
      finishedAt: now,
      operation: operationOf(object, target),
      // Required by some versions of the type; of several sources it is that of the first.
      syncResult: { revision: target.revisions[0] ?? '', ...fields },
    },
  }
}

/** The operation of a sync that failed. A failure that was there before keeps its times, or it would never rest. */
export function operationFailed(object: JsonObject, target: Target, message: string): JsonObject {
  const before = objectAt(object, 'status', 'operationState')
  const asked = valueAt(object, 'operation') !== undefined
  const again = !asked && before['phase'] === 'Failed' && before['message'] === message
  const now = timestamp(new Date())
  const { startedAt = now, finishedAt = now } = again ? before : {}
  return {
    operationState: {
      phase: 'Failed',
      message,
      startedAt,
      finishedAt,
      operation: operationOf(object, target),
    },
  }
}

/** Argo CD takes the request away once it has carried it out, well or not. */
export function operationEnds(object: JsonObject): JsonObject {
  return valueAt(object, 'operation') === undefined ? {} : { operation: null }
}

/** What was asked for, or what Argo CD asks itself for where it syncs unasked. */
function operationOf(object: JsonObject, { revisions }: Target): JsonObject {
  const asked = valueAt(object, 'operation')
  if (asked !== undefined) return objectAt(object, 'operation')
  return { initiatedBy: { automated: true }, retry: { limit: 5 }, sync: { revision: revisions[0] ?? '' } }
}
