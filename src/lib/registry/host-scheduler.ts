import type { Clock } from './clock.ts'

export interface HostLimits {
  /** Requests in flight at a time. */
  readonly concurrency: number
  /** Requests a second, with bursts of as many. */
  readonly perSecond: number
}

/** Lets requests to one host through in order: so many at a time, so many a second, none while it is paused. */
export class HostScheduler {
  readonly #limits: HostLimits
  readonly #clock: Clock
  readonly #waiting: (() => void)[] = []
  #running = 0
  #tokens: number
  #refilledAt: number
  #pausedUntil = 0

  constructor(limits: HostLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
    this.#tokens = limits.perSecond
    this.#refilledAt = clock.now()
  }

  /** Runs `task` when it is its turn. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    await this.#enter()
    try {
      await this.#takeToken()
      return await task()
    } finally {
      this.#leave()
    }
  }

  /** Holds back every request of the host until then (milliseconds since the epoch); never shortens a pause. */
  pauseUntil(time: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, time)
  }

  get pausedUntil(): number {
    return this.#pausedUntil
  }

  #enter(): Promise<void> | undefined {
    if (this.#running < this.#limits.concurrency) {
      this.#running++
      return undefined
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#running--
  }

  async #takeToken(): Promise<void> {
    const { perSecond } = this.#limits
    const now = this.#clock.now()
    this.#tokens = Math.min(perSecond, this.#tokens + ((now - this.#refilledAt) / 1000) * perSecond)
    this.#refilledAt = now
    this.#tokens -= 1
    const wait = this.#tokens < 0 ? Math.ceil((-this.#tokens / perSecond) * 1000) : 0
    if (wait > 0) await this.#clock.sleep(wait)
  }
}
