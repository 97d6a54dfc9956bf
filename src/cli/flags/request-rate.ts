const MINUTE = 60_000

/** How many requests were sent within the last minute, told from what was sent since the start. */
export class RequestRate {
  readonly #samples: { readonly at: number; readonly sent: number }[] = []

  /** @param at milliseconds */
  note(at: number, sent: number): void {
    this.#samples.push({ at, sent })
    while (this.#samples.length > 1 && at - (this.#samples[1]?.at ?? at) >= MINUTE) this.#samples.shift()
  }

  get perMinute(): number {
    const [first] = this.#samples
    const last = this.#samples.at(-1)
    return first && last ? last.sent - first.sent : 0
  }
}
