import type { UserError } from '../errors.ts'
import type { RuleProblem } from '../rules/update-rule.ts'
import type { CheckedImage, UpdatableImage } from './checked-image.ts'
import type { FollowEvent } from './follow.ts'

/** What happened in a watch, one at a time; each carries when. */
export type WatchEvent = {
  readonly at: Date
} /** A poll is over. `changed` are the images whose row differs from what was last shown. */ & (
  | {
      readonly type: 'cycle'
      readonly images: readonly CheckedImage[]
      readonly changed: readonly CheckedImage[]
      readonly nextAt: Date
      /** When each image is polled next, by its key. */
      readonly polls: ReadonlyMap<string, Date>
    }
  /** The cluster could not be read; the watch goes on. */
  | { readonly type: 'cycle-failed'; readonly error: UserError; readonly nextAt: Date }
  /** Warnings about rules that were not told before. */
  | { readonly type: 'problems'; readonly problems: readonly RuleProblem[] }
  /** A cycle begins: the Applications are read. */
  | { readonly type: 'reading' }
  /** Another watch has the turn: nothing is done for now. */
  | { readonly type: 'standing-by' }
  /** A poll begins, of so many images. */
  | { readonly type: 'polling'; readonly images: number }
  /** An update waits for a person; `since` it was first seen to wait, by this watch or one before. */
  | {
      readonly type: 'pending'
      readonly image: UpdatableImage
      readonly since: Date
      /** Why it does not go by itself. */
      readonly reason: string
    }
  /** A write begins. */
  | { readonly type: 'applying'; readonly images: readonly UpdatableImage[] }
  /** A person said no; the same target is not asked about again. */
  | { readonly type: 'declined'; readonly image: UpdatableImage }
  | {
      readonly type: 'applied'
      readonly image: UpdatableImage
      readonly dryRun: boolean
      /** Why the Application's record does not know of it, where it should. */
      readonly unrecorded?: UserError
    }
  /** What Argo CD, or the rollout of a workload, makes of images that were written. */
  | {
      readonly type: 'followed'
      readonly images: readonly UpdatableImage[]
      readonly outcome: FollowEvent
    }
  /** Updates that made their Application Degraded were taken back and are held, or could not be: `error`. */
  | {
      readonly type: 'undone'
      readonly images: readonly UpdatableImage[]
      readonly reason: string
      readonly error?: UserError
    }
  /** There was nothing left to write when it came to it. */
  | { readonly type: 'unchanged'; readonly image: UpdatableImage; readonly reason: string }
  | { readonly type: 'apply-failed'; readonly image: UpdatableImage; readonly error: UserError }
  /** A person wants no polls and no writes for a while, or again. */
  | { readonly type: 'paused' }
  | { readonly type: 'resumed' }
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

/** Signs of life: what follows tells all. */
type UntoldEvent = Extract<WatchEvent, { type: (typeof UNTOLD)[number] }>
const UNTOLD = ['applying', 'polling', 'reading', 'standing-by'] as const

/** Events that are worth a line of their own. */
export type ToldEvent = Exclude<WatchEvent, UntoldEvent>

export function isTold(event: WatchEvent): event is ToldEvent {
  return !(UNTOLD as readonly string[]).includes(event.type)
}
