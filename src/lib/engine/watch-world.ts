import type { UserError } from '../errors.ts'
import type { ApplyOutcome } from './apply-outcome.ts'
import type { ApprovalMode } from './approval.ts'
import type { CheckedImage, UpdatableImage } from './checked-image.ts'
import type { FollowEvent } from './follow.ts'
import type { ManagedImage, ManagedImages } from './managed-image.ts'

/** The world as a watch needs it, so that its logic is tested with a fake clock and no cluster. */
export interface WatchWorld {
  /** Reads the Applications and their rules anew. */
  load(): Promise<ManagedImages>
  /** Polls the given images; `firstSeen` gives digests by image key that an earlier cycle saw. */
  check(images: readonly ManagedImage[], firstSeen: ReadonlyMap<string, string>): Promise<CheckedImage[]>
  /**
   * Applies the updates of one Application.
   *
   * @param asked whether a person saw just these and said yes
   */
  apply(images: readonly UpdatableImage[], asked: boolean): Promise<readonly ApplyOutcome[]>
  /** Tells what becomes of what was written; absent where nobody wants to know. */
  follow?(outcomes: readonly ApplyOutcome[]): AsyncIterable<FollowEvent>
  /** Takes back updates that made their Application Degraded, and holds them; absent where nobody wants that. */
  undo?(images: readonly UpdatableImage[], reason: string): Promise<UserError | undefined>
  /** Shows the diff and asks a person, while everything else waits; absent where nobody can be asked so. */
  ask?(images: readonly UpdatableImage[]): Promise<boolean>
  /** Why these updates may not be written just now; '' when they may. */
  barrier?(images: readonly UpdatableImage[]): string
  /**
   * Whether the turn is another's and nobody looks on: then nothing is polled, and no registry asked, until an
   * order comes. Absent: never.
   */
  idle?(): boolean
  /** Since when an update waits for a person: now, unless it was noted before. */
  pendingSince(image: UpdatableImage): Promise<Date>
  /**
   * Keeps what {@link pendingSince} noted for the next watch, which may begin after a sudden end of this one; absent
   * where there is no next one.
   */
  keepPending?(): Promise<void>
  now(): Date
  /** Resolves after so many milliseconds, or at once when the watch is to stop or `wake` aborts. */
  pause(milliseconds: number, wake: AbortSignal): Promise<void>
}

export interface WatchSettings {
  /** Milliseconds between two polls of an image whose rule names no interval of its own. */
  readonly interval: number
  readonly once: boolean
  readonly approve: ApprovalMode
  readonly dryRun: boolean
}
