import type { UpdatableImage } from './checked-image.ts'

/** What a person wants of a running watch. */
export type WatchOrder =
  /** They saw what would be written, and said yes to just that. */
  | { readonly type: 'apply'; readonly images: readonly UpdatableImage[] }
  /** They said no: the same target is not offered again in this watch. */
  | { readonly type: 'decline'; readonly images: readonly UpdatableImage[] }
  /** Look now; without keys at every image. `afresh`: another watch has written in the meantime. */
  | { readonly type: 'poll'; readonly keys?: readonly string[]; readonly afresh?: boolean }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }

/** Where a person's orders wait until the watch takes them. */
export class WatchDesk {
  readonly #orders: WatchOrder[] = []
  #bell = new AbortController()

  submit(order: WatchOrder): void {
    this.#orders.push(order)
    this.#bell.abort()
  }

  /** All that was submitted since the last time, oldest first. */
  take(): WatchOrder[] {
    this.#bell = new AbortController()
    return this.#orders.splice(0)
  }

  /** Aborts with the next order: whoever waits is to take it. */
  get bell(): AbortSignal {
    return this.#bell.signal
  }
}
