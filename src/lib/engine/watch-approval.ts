import { formatImageReference } from '../image/reference.ts'
import { type ApprovalMode, appliesUnasked } from './approval.ts'
import type { UpdatableImage } from './checked-image.ts'

/** What may be written of some updates without a word, and about what a person is to be asked. */
export interface ApprovalSplit {
  /** What was not settled or told before: both of the following. */
  readonly fresh: readonly UpdatableImage[]
  readonly unasked: readonly UpdatableImage[]
  readonly toAsk: readonly UpdatableImage[]
}

/** Which updates of a watch need a person, and which of these had their answer or were told already. */
export class WatchApproval {
  readonly #mode: ApprovalMode
  /** Targets by image key that need no second word: declined, or shown by a dry run. */
  readonly #settled = new Map<string, string>()
  /** Targets by image key that wait for a person, and why: told again when they were not on offer for a while. */
  readonly #pending = new Map<string, string>()

  constructor(mode: ApprovalMode) {
    this.#mode = mode
  }

  /** Image keys for which a person is waited. */
  get pending(): string[] {
    return [...this.#pending.keys()]
  }

  isPending(key: string): boolean {
    return this.#pending.has(key)
  }

  /** @param barred why nothing may be written now: then all of it waits; '' when it may */
  split(group: readonly UpdatableImage[], barred: string): ApprovalSplit {
    const fresh = group.filter(
      (image) =>
        this.#settled.get(image.key) !== targetOf(image) &&
        this.#pending.get(image.key) !== pendingOf(image, barred),
    )
    const unasked = barred === '' ? fresh.filter(({ decision }) => appliesUnasked(this.#mode, decision)) : []
    return { fresh, toAsk: fresh.filter((image) => !unasked.includes(image)), unasked }
  }

  /** What was not written for want of permission is offered again as soon as that is there. @returns the reason to tell */
  wait(image: UpdatableImage, barred: string): string {
    this.#pending.set(image.key, pendingOf(image, barred))
    return image.decision.approval ?? (barred || `--approve ${this.#mode}`)
  }

  /** This target needs no second word. */
  settle(image: UpdatableImage): void {
    this.#settled.set(image.key, targetOf(image))
  }

  /** Nobody has to be waited for any more. */
  clear(key: string): void {
    this.#pending.delete(key)
  }

  /** Forgets what is gone. */
  keep(known: ReadonlySet<string>): void {
    for (const map of [this.#settled, this.#pending]) {
      for (const key of map.keys()) if (!known.has(key)) map.delete(key)
    }
  }
}

function pendingOf(image: UpdatableImage, barred: string): string {
  return `${targetOf(image)} ${barred}`
}

function targetOf(image: UpdatableImage): string {
  return formatImageReference(image.decision.target)
}
