/** A way to ask for a stop, and to know that it was asked for. */
export interface StopSignal {
  readonly signal: AbortSignal
  /** As the first Ctrl-C. */
  request(): void
  /** Gives the signals back to the process. */
  release(): void
}

/**
 * Ctrl-C (SIGINT), SIGTERM and SIGHUP as an AbortSignal. The first asks to stop; a second leaves at once
 * with 130, as a shell expects after Ctrl-C.
 *
 * @param onFirst told once, to explain what is being finished
 */
export function stopSignal(onFirst: () => void): StopSignal {
  const controller = new AbortController()
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const stop = () => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
    onFirst()
  }
  for (const name of signals) process.on(name, stop)
  return {
    release: () => {
      for (const name of signals) process.off(name, stop)
    },
    request: stop,
    signal: controller.signal,
  }
}
