import type { NotifySurroundings } from '../../src/lib/notify/surroundings.ts'
import type { Clock } from '../../src/lib/registry/clock.ts'

/** A clock whose sleeps end when {@link HeldClock.advance} reaches them, or when their signal aborts. */
export class HeldClock implements Clock {
  #now = Date.parse('2026-01-01T00:00:00Z')
  #sleepers: { readonly until: number; readonly wake: () => void }[] = []

  now(): number {
    return this.#now
  }

  random(): number {
    return 0
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new Error('aborted'))
      this.#sleepers.push({ until: this.#now + milliseconds, wake: resolve })
      signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true })
    })
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds
    const due = this.#sleepers.filter(({ until }) => until <= this.#now)
    this.#sleepers = this.#sleepers.filter((sleeper) => !due.includes(sleeper))
    for (const { wake } of due) wake()
  }
}

/** A clock that moves by sleeping; `slept` are the pauses in milliseconds. */
export class QuickClock implements Clock {
  readonly slept: number[] = []
  #now = Date.parse('2026-01-01T00:00:00Z')

  now(): number {
    return this.#now
  }

  random(): number {
    return 0
  }

  sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds)
    this.#now += milliseconds
    return Promise.resolve()
  }
}

export function surroundingsOf(change: Partial<NotifySurroundings> = {}): NotifySurroundings {
  return {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    platform: process.platform,
    userAgent: 'kubectl-image-updater/test',
    clock: new HeldClock(),
    ...change,
  }
}
