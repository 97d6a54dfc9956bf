/**
 * Hands values from those who make them to the one who reads them, in order. Whoever pushes may wait until
 * the reader is done with the value, so that nothing happens behind a screen that does not show it yet.
 */
export class EventQueue<Value> implements AsyncIterable<Value, void, undefined> {
  readonly #waiting: { readonly value: Value; readonly done: () => void }[] = []
  #arrival = Promise.withResolvers<void>()
  #closed = false

  /** @returns a promise that resolves once the reader asks for what comes after the value */
  push(value: Value): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push({ done: resolve, value })
    this.#arrival.resolve()
    return promise
  }

  /** No more comes: the reader ends after what was pushed. */
  close(): void {
    this.#closed = true
    this.#arrival.resolve()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Value, void, undefined> {
    for (;;) {
      const next = this.#waiting.shift()
      if (next) {
        yield next.value
        next.done()
      } else if (this.#closed) return
      else {
        await this.#arrival.promise
        this.#arrival = Promise.withResolvers<void>()
      }
    }
  }
}
