import { performance } from 'node:perf_hooks'

/** Tells how long each step of a run took, as it ends. */
export interface Timing {
  step<T>(name: string, work: () => Promise<T>): Promise<T>
  /** A line about something under way. */
  announce(line: string): void
}

/** @param write receives whole lines */
export function createTiming(write: (line: string) => void): Timing {
  return {
    async step(name, work) {
      const start = performance.now()
      try {
        return await work()
      } finally {
        write(`${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s  ${name}\n`)
      }
    },
    announce: (line) => write(`          ${line}\n`),
  }
}
