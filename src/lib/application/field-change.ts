/** One field before and after, for the diff a person reads before saying yes. '' before: it was absent. */
export interface FieldChange {
  /** `spec.source.kustomize.images[0]` */
  readonly field: string
  readonly before: string
  readonly after: string
}
