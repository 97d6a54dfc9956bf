/** A way to ask for a stop, and to know that and why it was asked for. */
export interface StopSignal {
  readonly signal: AbortSignal
  /** What the process should exit with: 0 unless a signal asked for the stop, then 128 + its number, or what was agreed. */
  readonly exitCode: number
  /** Asks for the stop from within, as a part of the plan. */
  request(): void
  /** As Ctrl-C, where the terminal delivers it as a key. */
  interrupt(): void
  /** Gives the signals back to the process. */
  release(): void
}

const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/**
 * Ctrl-C (SIGINT), SIGTERM and SIGHUP as an AbortSignal. The first asks to stop; a second leaves at once,
 * with the code a shell expects.
 *
 * @param onFirst told once, to explain what is being finished
 * @param finished codes of signals by which an orderly end is asked for, instead of those a shell expects
 */
export function stopSignal(
  onFirst: () => void,
  finished: Partial<Record<keyof typeof EXIT_CODES, number>> = {},
): StopSignal {
  const controller = new AbortController()
  let exitCode = 0
  const handlers = Object.entries(EXIT_CODES).map(([name, code]) => {
    const handler = () => {
      // A terminal that goes away says so more than once: that is no second wish to leave.
      if (controller.signal.aborted && name === 'SIGHUP') return
      if (controller.signal.aborted) process.exit(code)
      exitCode = finished[name as keyof typeof EXIT_CODES] ?? code
      controller.abort()
      onFirst()
    }
    process.on(name, handler)
    return { handler, name }
  })
  return {
    get exitCode() {
      return exitCode
    },
    interrupt: () => void process.emit('SIGINT'),
    release: () => {
      for (const { handler, name } of handlers) process.off(name, handler)
    },
    request: () => controller.abort(),
    signal: controller.signal,
  }
}

/**
 * While nothing is under way yet that had to be finished, SIGTERM ends the process at once. It would anyway, but
 * for the first process of a container, which the system spares where it does not ask for the signal.
 *
 * @returns gives the signal back
 */
export function leaveAtSigterm(code: number): () => void {
  const leave = () => process.exit(code)
  process.on('SIGTERM', leave)
  return () => void process.off('SIGTERM', leave)
}
