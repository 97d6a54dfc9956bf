import type { UserError } from '../errors.ts'
import { formatImageReference } from '../image/reference.ts'
import type { CheckedImage, UpdatableImage } from './checked-image.ts'
import type { FollowEvent } from './follow.ts'
import type { WatchEvent } from './watch-event.ts'

/** What has become of an image beyond what the last poll decided. */
export type BoardState =
  /** What the decision says is all there is to say. */
  | { readonly kind: 'decided' }
  /** It needs a yes. */
  | { readonly kind: 'pending'; readonly since: Date; readonly reason: string }
  /** A person said no to this target in this watch. */
  | { readonly kind: 'put-off' }
  | { readonly kind: 'applying' }
  /** It was taken back, and is held; or it could not be: `error`. */
  | { readonly kind: 'undone'; readonly at: Date; readonly reason: string; readonly error?: UserError }
  /** It was written; `outcome` is what Argo CD made of it so far. */
  | { readonly kind: 'applied'; readonly at: Date; readonly dryRun: boolean; readonly outcome?: FollowEvent }
  | { readonly kind: 'failed'; readonly at: Date; readonly error: UserError }

/** One image as a person at the screen sees it. Never changed: a new state is a new row. */
export interface BoardRow {
  readonly image: CheckedImage
  readonly state: BoardState
  /** When it is polled next; absent where it cannot be. */
  readonly next?: Date
}

const DECIDED: BoardState = { kind: 'decided' }

/**
 * The state of a whole watch, told from its events alone, so that any screen can show it. Rows stay in the
 * order in which polls tell them; those of images that are gone go.
 */
export class WatchBoard {
  #rows = new Map<string, BoardRow>()

  get rows(): readonly BoardRow[] {
    return [...this.#rows.values()]
  }

  row(key: string): BoardRow | undefined {
    return this.#rows.get(key)
  }

  follow(event: WatchEvent): void {
    switch (event.type) {
      case 'cycle':
        this.#replace(event.images, event.polls)
        return
      case 'pending':
        this.#set(event.image, { kind: 'pending', reason: event.reason, since: event.since })
        return
      case 'declined':
        this.#set(event.image, { kind: 'put-off' })
        return
      case 'applying':
        for (const image of event.images) this.#set(image, { kind: 'applying' })
        return
      case 'applied':
        this.#set(event.image, { at: event.at, dryRun: event.dryRun, kind: 'applied' })
        return
      case 'unchanged':
        this.#set(event.image, DECIDED)
        return
      case 'apply-failed':
        this.#set(event.image, { at: event.at, error: event.error, kind: 'failed' })
        return
      case 'undone':
        for (const image of event.images) {
          const { at, error, reason } = event
          this.#set(image, { at, kind: 'undone', reason, ...(error && { error }) })
        }
        return
      case 'followed':
        for (const image of event.images) this.#outcome(image, event.outcome)
        return
    }
  }

  #replace(images: readonly CheckedImage[], polls: ReadonlyMap<string, Date>): void {
    const before = this.#rows
    this.#rows = new Map(
      images.map((image) => {
        const old = before.get(image.key)
        const next = polls.get(image.key)
        const state = old && stillTrue(old, image) ? old.state : DECIDED
        const same = old?.image === image && old.state === state && old.next?.getTime() === next?.getTime()
        return [image.key, same ? old : { image, state, ...(next && { next }) }]
      }),
    )
  }

  #set({ key }: CheckedImage, state: BoardState): void {
    const row = this.#rows.get(key)
    if (row) this.#rows.set(key, { ...row, state })
  }

  #outcome({ key }: UpdatableImage, outcome: FollowEvent): void {
    const row = this.#rows.get(key)
    if (row?.state.kind === 'applied') this.#rows.set(key, { ...row, state: { ...row.state, outcome } })
  }
}

/** Whether what happened to an image still counts after it was looked at again. */
function stillTrue({ image: before, state }: BoardRow, now: CheckedImage): boolean {
  if (now.state === 'failed') return false
  const { kind } = now.decision
  // As long as nothing newer came up that was not written.
  if (state.kind === 'applied' && !state.dryRun) return kind === 'up-to-date' || kind === 'rolling'
  const offered = kind === 'update'
  if (state.kind === 'undone') return !offered
  return offered && targetOf(before) === targetOf(now)
}

function targetOf(image: CheckedImage): string {
  return image.state === 'decided' && 'target' in image.decision
    ? formatImageReference(image.decision.target)
    : ''
}
