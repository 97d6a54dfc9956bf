import type { UserError } from '../errors.ts'
import type { RuleProblem } from '../rules/update-rule.ts'
import type { CheckedImage, UpdatableImage } from './checked-image.ts'

/** What happened in a watch, one at a time; each carries when. */
export type WatchEvent = {
  readonly at: Date
} /** A poll is over. `changed` are the images whose row differs from what was last shown. */ & (
  | {
      readonly type: 'cycle'
      readonly images: readonly CheckedImage[]
      readonly changed: readonly CheckedImage[]
      readonly nextAt: Date
    }
  /** The cluster could not be read; the watch goes on. */
  | { readonly type: 'cycle-failed'; readonly error: UserError; readonly nextAt: Date }
  /** Warnings about rules that were not told before. */
  | { readonly type: 'problems'; readonly problems: readonly RuleProblem[] }
  /** An update waits for a person. */
  | { readonly type: 'pending'; readonly image: UpdatableImage }
  /** A person said no; the same target is not asked about again. */
  | { readonly type: 'declined'; readonly image: UpdatableImage }
  | {
      readonly type: 'applied'
      readonly image: UpdatableImage
      readonly dryRun: boolean
      /** Why the Application's record does not know of it, where it should. */
      readonly unrecorded?: UserError
    }
  /** There was nothing left to write when it came to it. */
  | { readonly type: 'unchanged'; readonly image: UpdatableImage; readonly reason: string }
  | { readonly type: 'apply-failed'; readonly image: UpdatableImage; readonly error: UserError }
  | { readonly type: 'stopped'; readonly summary: WatchSummary }
)

/** What a watch did from start to end. */
export interface WatchSummary {
  readonly cycles: number
  /** Whether what counts as applied was only tried. */
  readonly dryRun: boolean
  readonly applied: number
  readonly declined: number
  readonly failed: number
  /** The images as last seen. */
  readonly images: readonly CheckedImage[]
}
