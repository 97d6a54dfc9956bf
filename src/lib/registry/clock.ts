/** Time and chance as the layers see them, so that tests can hold both still. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after `milliseconds`; rejects when `signal` aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** At least 0, less than 1. */
  random(): number
}

/** One for all: every answer in time ends a sleep, and an error of its own would cost more than the rest. */
const ABORTED = new Error('the sleep was aborted')

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(ABORTED)
      const stop = () => {
        clearTimeout(timer)
        reject(ABORTED)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }, milliseconds)
      signal?.addEventListener('abort', stop, { once: true })
    }),
  random: () => Math.random(),
}
