import type { ChangeEntry } from '../application/change-record.ts'
import type { FieldChange } from '../application/field-change.ts'
import type { JsonPatchOperation } from '../application/json-patch.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import type { ResourcePath } from '../cluster/resource-path.ts'

/**
 * One object to patch. `operations` begin with `test`s of what was read, so that a write that would undo
 * somebody's edit is refused by the API server instead.
 */
export interface ObjectWrite {
  readonly kind: string
  readonly path: ResourcePath
  /** The object as it was read when the change was decided: what a conflict is told by. */
  readonly read: KubernetesObject
  readonly operations: readonly JsonPatchOperation[]
  readonly fields: readonly FieldChange[]
  /**
   * What the Application's record of changes gets in the same patch. Apart from the operations, since the
   * record has to be the one that is there when the patch is sent, not the one that was read.
   */
  readonly record?: readonly ChangeEntry[]
  /** In a few words for tables: `set kustomize image`, `restart deployment/gitops-praq`. */
  readonly summary: string
}

export type { FieldChange } from '../application/field-change.ts'
