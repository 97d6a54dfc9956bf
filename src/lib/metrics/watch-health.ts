import type { WatchEvent } from '../engine/watch-event.ts'

/** Beyond the interval, milliseconds: for a poll or a write that takes long, since a restart would only begin it anew. */
const PATIENCE = 10 * 60_000

/** Whether a watch is alive, and whether it has opened what it needs. */
export class WatchHealth {
  /** Whether cluster and registries are open; whose turn it is does not matter. */
  ready = false
  readonly #limit: number
  readonly #elapsed: () => number
  #sign: number
  #paused = false

  /**
   * @param interval milliseconds between two cycles
   * @param elapsed milliseconds on a clock that nobody sets
   */
  constructor(interval: number, elapsed: () => number) {
    this.#limit = interval + PATIENCE
    this.#elapsed = elapsed
    this.#sign = elapsed()
  }

  /** Every event is a sign of life: each cycle begins with one, also where it fails or another has the turn. */
  follow(event: WatchEvent): void {
    if (event.type === 'paused' || event.type === 'resumed') this.#paused = event.type === 'paused'
    this.sign()
  }

  /** Something was done within a cycle. */
  sign(): void {
    this.#sign = this.#elapsed()
  }

  /** Whether the loop goes round. Registries and clusters that are away do not change that. */
  get alive(): boolean {
    return this.#paused || this.silence <= this.#limit
  }

  /** Milliseconds since the last sign of life. */
  get silence(): number {
    return this.#elapsed() - this.#sign
  }
}
