import type { ApplyOutcome } from './apply-outcome.ts'
import type { UpdatableImage } from './checked-image.ts'
import type { WatchEvent } from './watch-event.ts'
import type { WatchWorld } from './watch-world.ts'

/** What a watch does about its writes afterwards, beside everything else: polls go on meanwhile. */
export class WatchFollowing {
  readonly #world: WatchWorld
  readonly #signal: AbortSignal
  readonly #tell: (event: WatchEvent) => Promise<void>
  readonly #onUndone: (keys: readonly string[], at: Date) => void
  readonly #under = new Set<Promise<void>>()

  /** @param onUndone told of image keys of which what ran before was put back, or could not be */
  constructor(
    world: WatchWorld,
    signal: AbortSignal,
    tell: (event: WatchEvent) => Promise<void>,
    onUndone: (keys: readonly string[], at: Date) => void,
  ) {
    this.#world = world
    this.#signal = signal
    this.#tell = tell
    this.#onUndone = onUndone
  }

  begin(outcomes: readonly ApplyOutcome[]): void {
    const following = this.#follow(outcomes)
    this.#under.add(following)
    following.then(
      () => this.#under.delete(following),
      () => {},
    )
  }

  /** Resolves when nothing is followed any more; with a stop that comes by itself. */
  async end(): Promise<void> {
    await Promise.all(this.#under)
  }

  async #follow(outcomes: readonly ApplyOutcome[]): Promise<void> {
    const applied = outcomes.flatMap((outcome) => (outcome.state === 'applied' ? [outcome.image] : []))
    for await (const outcome of this.#world.follow?.(outcomes) ?? []) {
      const images = applied.filter(
        ({ application: { metadata } }) =>
          `${metadata.namespace ?? ''}/${metadata.name}` === outcome.application,
      )
      await this.#tell({ at: outcome.at, images, outcome, type: 'followed' })
      const ours = outcome.state === 'degraded' && !outcome.degradedBefore
      if (ours && this.#world.undo && !this.#signal.aborted) await this.#undo(images, outcome.message)
    }
  }

  async #undo(images: readonly UpdatableImage[], reason: string): Promise<void> {
    const error = await this.#world.undo?.(images, reason)
    const at = this.#world.now()
    await this.#tell({ at, images, reason, type: 'undone', ...(error && { error }) })
    this.#onUndone(
      images.map(({ key }) => key),
      at,
    )
  }
}
