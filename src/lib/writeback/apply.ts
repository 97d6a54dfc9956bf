import { isDeepStrictEqual } from 'node:util'
import type { FieldChange } from '../application/field-change.ts'
import { type JsonPatchOperation, valueAt } from '../application/json-patch.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import type { ClusterClient, DryRun } from '../cluster/client.ts'
import { isConflict, isNotFound, NO_SUCH_RESOURCE_TYPE } from '../cluster/status-error.ts'
import { UserError } from '../errors.ts'
import { basisChanges } from './decision-basis.ts'
import { FIELD_MANAGER } from './field-manager.ts'
import { recordOperations } from './record-write.ts'
import { retestedFor } from './resource-version.ts'
import type { ObjectWrite } from './write.ts'

/** What became of a write that was not refused. */
export type Outcome =
  /** Written; `object` is what the API server answered. */
  | { readonly status: 'applied'; readonly object: KubernetesObject }
  /** The object already says what was to be written: somebody, or an answer that got lost, did it. */
  | { readonly status: 'unchanged'; readonly object: KubernetesObject }
  /** Nothing was written, as asked; `object` is what it would be where the API server was asked. */
  | { readonly status: 'dry-run'; readonly object?: KubernetesObject }
  /** The object was deleted meanwhile. */
  | { readonly status: 'gone' }

/** The object changed in a way that the decision may have rested on. Nothing was written. */
export class WriteConflict extends UserError {
  /** `application "shop"` */
  readonly object: string
  /** What was read, and what is there now. */
  readonly changes: readonly FieldChange[]

  constructor(object: string, changes: readonly FieldChange[], what: string) {
    super(`${object} changed while you decided (${what}): nothing was written`, 'Run check again')
    this.object = object
    this.changes = changes
  }
}

/** The turn was lost between the decision and the write. */
export class WriteBarred extends UserError {}

export interface ApplyOptions {
  readonly dryRun: DryRun
  /** Asked before each request that writes: why nothing may be written just now; '' when it may. */
  readonly barrier?: (() => string) | undefined
}

/** Controllers write status every few seconds at most; whoever loses more often than this fights somebody. */
const MAX_ATTEMPTS = 5
const SHOWN_CHANGES = 3

/**
 * Writes one object, if it still is what the decision was made on.
 *
 * A refusal because somebody wrote the object meanwhile is looked into: where only its version moved
 * (controllers write status, colleagues the record), the patch is sent again for the new version, at most
 * five times in all.
 *
 * @throws WriteBarred when it may not be written now.
 * @throws WriteConflict when the object differs from what was read in anything that matters.
 * @throws ClusterError as the API server or the connection gave it, for everything else.
 */
export async function applyWrite(
  client: ClusterClient,
  write: ObjectWrite,
  { barrier, dryRun }: ApplyOptions,
): Promise<Outcome> {
  if (dryRun === 'client') return { status: 'dry-run' }
  const options = { dryRun: dryRun === 'server', fieldManager: FIELD_MANAGER }
  let operations = [...write.operations, ...recordOperations(write, write.read)]
  let version = write.read.metadata.resourceVersion
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const barred = barrier?.() ?? ''
    if (barred !== '') throw new WriteBarred(barred)
    try {
      const object = await client.jsonPatch(write.path, operations, options)
      return { status: dryRun === 'server' ? 'dry-run' : 'applied', object }
    } catch (error) {
      if (isGone(error)) return { status: 'gone' }
      if (!isConflict(error)) throw error
      const fresh = await readAgain(client, write)
      if (fresh === undefined) return { status: 'gone' }
      if (!isNote(write) && alreadyHolds(fresh, write.operations))
        return { status: 'unchanged', object: fresh }
      if (!isNote(write)) refuseChanged(write, fresh)
      // The same version was refused, so it is the patch itself that the API server does not accept.
      if (fresh.metadata.resourceVersion === version) throw error
      version = fresh.metadata.resourceVersion
      operations = [...retestedFor(fresh, write.operations), ...recordOperations(write, fresh)]
    }
  }
  throw new WriteConflict(titleOf(write), [], `others wrote it ${MAX_ATTEMPTS} times in a row`)
}

function refuseChanged(write: ObjectWrite, fresh: KubernetesObject): void {
  const changes = basisChanges(write.read, fresh)
  if (changes.length === 0) return
  const shown = changes.slice(0, SHOWN_CHANGES).map(describeChange).join(', ')
  const more = changes.length > SHOWN_CHANGES ? ` and ${changes.length - SHOWN_CHANGES} more` : ''
  throw new WriteConflict(titleOf(write), changes, `${shown}${more}`)
}

function describeChange({ field, before, after }: FieldChange): string {
  if (field === 'metadata.uid') return 'it was deleted and created again'
  if (field === 'metadata.deletionTimestamp') return 'it is being deleted'
  return `${field} ${before || 'absent'} → ${after || 'absent'}`
}

/** `application.argoproj.io` and its name as people say it: `application "shop"`. */
function titleOf({ kind, read }: ObjectWrite): string {
  return `${kind.split('.', 1)[0]} "${read.metadata.name}"`
}

/** Whether nothing but the record is written: then nothing was decided that an edit could put in doubt. */
function isNote({ operations }: ObjectWrite): boolean {
  return operations.every(({ op }) => op === 'test')
}

/** Whether everything that the patch sets is there. An appended entry has no place of its own to look at. */
function alreadyHolds(fresh: KubernetesObject, operations: readonly JsonPatchOperation[]): boolean {
  return operations.every((operation) => {
    if (operation.op === 'test') return true
    if (operation.op === 'remove') return valueAt(fresh, operation.path) === undefined
    if (!operation.path.endsWith('/-'))
      return isDeepStrictEqual(valueAt(fresh, operation.path), operation.value)
    const list = valueAt(fresh, operation.path.slice(0, -2))
    return Array.isArray(list) && list.some((entry) => isDeepStrictEqual(entry, operation.value))
  })
}

async function readAgain(client: ClusterClient, write: ObjectWrite): Promise<KubernetesObject | undefined> {
  try {
    return await client.get(write.path)
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

/** A missing resource type is no deleted object, but an error to be told as it is. */
function isGone(error: unknown): boolean {
  return isNotFound(error) && error.reason !== NO_SUCH_RESOURCE_TYPE
}
