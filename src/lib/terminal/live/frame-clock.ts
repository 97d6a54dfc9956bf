/** Milliseconds between two frames: more would be seen by nobody. */
const SHORTEST = 50
/** Ages and countdowns change once a second. */
const TICK = 1_000

/** Decides when a screen is drawn: soon after something changed, seldom enough, and each second for the clocks. */
export class FrameClock {
  readonly #draw: () => void
  #frame: NodeJS.Timeout | undefined
  #tick: NodeJS.Timeout | undefined
  #drawnAt = Number.NEGATIVE_INFINITY

  constructor(draw: () => void) {
    this.#draw = draw
  }

  start(): void {
    this.#tick = setInterval(() => this.request(), TICK)
    this.request()
  }

  stop(): void {
    clearInterval(this.#tick)
    clearTimeout(this.#frame)
    this.#tick = undefined
    this.#frame = undefined
  }

  /** Something changed. However often it is said, one frame follows. */
  request(): void {
    if (!this.#tick || this.#frame) return
    const wait = Math.max(0, Math.min(SHORTEST, this.#drawnAt + SHORTEST - performance.now()))
    this.#frame = setTimeout(() => {
      this.#frame = undefined
      this.#drawnAt = performance.now()
      this.#draw()
    }, wait)
  }
}
