import type { Clock } from '../../src/lib/registry/clock.ts'

/**
 * A clock that moves only by sleeping: a sleep returns at once and time has passed. Sleeps that can be
 * aborted are time limits; they end when {@link FakeClock.expire} is called, or never.
 */
export class FakeClock implements Clock {
  readonly slept: number[] = []
  #now = Date.parse('2026-01-01T00:00:00Z')
  readonly #limits = new Set<() => void>()

  now(): number {
    return this.#now
  }

  random(): number {
    return 0.5
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal) {
      return new Promise((resolve, reject) => {
        this.#limits.add(resolve)
        signal.addEventListener('abort', () => {
          this.#limits.delete(resolve)
          reject(new Error('aborted'))
        })
      })
    }
    this.slept.push(milliseconds)
    this.advance(milliseconds)
    return Promise.resolve()
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds
  }

  /** Lets every running time limit expire. */
  expire(): void {
    for (const end of this.#limits) end()
  }
}
