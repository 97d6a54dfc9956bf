import type { ImageReference } from '../../image/reference.ts'
import type { ManifestTargets } from '../../rules/update-rule.ts'

/** One image that is to be written into a repository. */
export interface GitImageChange {
  /** Of the rule; '' where it has none. */
  readonly alias: string
  /** What is declared or runs now; absent where that is not known. */
  readonly before?: ImageReference
  readonly after: ImageReference
  /** Which fields of the file receive it. */
  readonly targets: ManifestTargets
}

/** All images of one Application that are to be written at once. */
export interface ApplicationChange {
  readonly namespace: string
  readonly application: string
  readonly images: readonly GitImageChange[]
}
