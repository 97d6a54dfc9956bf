/**
 * When each image is to be polled next. Images of one interval stay together, so that one listing of a
 * repository serves all rules that wait for it.
 */
export class Schedule {
  readonly #due = new Map<string, number>()

  /** The keys that are due at `now` (milliseconds); keys never seen before are due at once. */
  due(keys: readonly string[], now: number): Set<string> {
    return new Set(keys.filter((key) => (this.#due.get(key) ?? now) <= now))
  }

  /** Notes that a key was polled in the cycle that began at `now`, and is due again `interval` later. */
  polled(key: string, now: number, interval: number): void {
    this.#due.set(key, now + interval)
  }

  /** Has a key polled at `moment` (milliseconds) at the latest. */
  hasten(key: string, moment: number): void {
    this.#due.set(key, Math.min(this.#due.get(key) ?? moment, moment))
  }

  /** When a key is due, milliseconds; undefined for one that was never polled. */
  at(key: string): number | undefined {
    return this.#due.get(key)
  }

  /** Forgets keys that no longer exist. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of this.#due.keys()) if (!keys.has(key)) this.#due.delete(key)
  }

  /** When the next key is due, milliseconds; `fallback` when there is none. */
  next(fallback: number): number {
    let earliest = Number.POSITIVE_INFINITY
    for (const due of this.#due.values()) earliest = Math.min(earliest, due)
    return Number.isFinite(earliest) ? earliest : fallback
  }
}

/** Pause after the n-th failed cycle in a row (from 1): doubles from 5 s, never above the interval. */
export function backoff(failures: number, interval: number): number {
  return Math.min(interval, 5_000 * 2 ** Math.min(failures - 1, 10))
}
