import type { JsonPatchOperation } from '../application/json-patch.ts'
import type { ResourcePath } from '../cluster/resource-path.ts'

/** One field before and after, for the diff a person reads before saying yes. '' before: it was absent. */
export interface FieldChange {
  /** `spec.source.kustomize.images[0]` */
  readonly field: string
  readonly before: string
  readonly after: string
}

/**
 * One object to patch. `operations` begin with `test`s of what was read, so that a write that would undo
 * somebody's edit is refused by the API server instead.
 */
export interface ObjectWrite {
  readonly kind: string
  readonly path: ResourcePath
  readonly operations: readonly JsonPatchOperation[]
  readonly fields: readonly FieldChange[]
  /** In a few words for tables: `set kustomize image`, `restart deployment/gitops-praq`. */
  readonly summary: string
}
