/**
 * What several generators yield, as it comes. At most `limit` of them run at a time, and the next begins when one
 * ends. Whoever stops listening ends them all: that is what the signal they get is for.
 */
export async function* takeTurns<Item>(
  starts: readonly ((signal: AbortSignal) => AsyncGenerator<Item, void>)[],
  limit: number,
  signal: AbortSignal,
): AsyncGenerator<Item, void> {
  const ending = new AbortController()
  const until = AbortSignal.any([signal, ending.signal])
  const waiting = [...starts]
  const begun = new Set<AsyncGenerator<Item, void>>()
  /** The next item of each that is begun, but for the one whose item is being looked at. */
  const steps = new Map<AsyncGenerator<Item, void>, Promise<Step<Item>>>()
  const advance = (generator: AsyncGenerator<Item, void>) => {
    const step = generator.next().then((result) => ({ generator, result }))
    // Another may fail first; then nobody looks at this one any more.
    step.catch(() => {})
    steps.set(generator, step)
  }
  try {
    for (;;) {
      for (const start of waiting.splice(0, limit - begun.size)) {
        const generator = start(until)
        begun.add(generator)
        advance(generator)
      }
      if (begun.size === 0) return
      const { generator, result } = await Promise.race(steps.values())
      steps.delete(generator)
      if (result.done) {
        begun.delete(generator)
        continue
      }
      yield result.value
      advance(generator)
    }
  } finally {
    ending.abort()
    for (const generator of begun) generator.return().catch(() => {})
  }
}

interface Step<Item> {
  readonly generator: AsyncGenerator<Item, void>
  readonly result: IteratorResult<Item, void>
}
