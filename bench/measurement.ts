import { performance } from 'node:perf_hooks'
import type { BenchRegistry } from './bench-registry.ts'

/** One pass over all Applications. */
export interface Measurement {
  readonly seconds: number
  readonly requests: number
  /** The part of the work that was really done; the rest is computed from it. 1: all of it. */
  readonly measuredShare: number
}

/** @param registry counts the requests that reach it */
export async function measure(work: () => Promise<void>, registry: BenchRegistry): Promise<Measurement> {
  const requestsBefore = await registry.requests()
  const start = performance.now()
  await work()
  const seconds = (performance.now() - start) / 1000
  return { seconds, requests: (await registry.requests()) - requestsBefore, measuredShare: 1 }
}

/** A pass over `sample` of `all` equal pieces of work, as it would be over all at the same time a piece. */
export function extrapolate(measured: Measurement, sample: number, all: number): Measurement {
  const factor = all / sample
  return {
    seconds: measured.seconds * factor,
    requests: Math.round(measured.requests * factor),
    measuredShare: measured.measuredShare / factor,
  }
}
