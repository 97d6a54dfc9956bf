import type { Measurement } from './measurement.ts'
import type { MeasuredStrategy, Pass } from './workload.ts'

/** One line of the result: who checked what, and knowing what. */
export interface Result {
  readonly client: 'baseline' | 'check'
  readonly strategy: MeasuredStrategy
  readonly pass: Pass
  readonly measurement: Measurement
}

/** The usual limit for one registry, of the baseline and of this program; it is switched off in what is measured. */
const REQUESTS_PER_SECOND = 20

const HEADER = [
  'STRATEGY',
  'PASS',
  'CLIENT',
  'REQUESTS',
  'SECONDS',
  'AT 20/S',
  'MEASURED',
  'REQUESTS RATIO',
  'TIME RATIO',
]

/** A table. `AT 20/S`: the seconds that the requests take with the usual limit of a registry. The ratios say how many times more the baseline needs than the line they stand in. */
export function formatResults(results: readonly Result[]): string {
  const rows = results.map((result) => {
    const { measurement } = result
    const baseline = results.find(
      (other) =>
        other.client === 'baseline' && other.strategy === result.strategy && other.pass === result.pass,
    )?.measurement
    return [
      result.strategy,
      result.pass,
      result.client,
      String(measurement.requests),
      measurement.seconds.toFixed(2),
      `${Math.round(measurement.requests / REQUESTS_PER_SECOND)}`,
      `${Math.round(measurement.measuredShare * 100)}%`,
      baseline ? (baseline.requests / measurement.requests).toFixed(1) : '-',
      baseline ? (baseline.seconds / measurement.seconds).toFixed(1) : '-',
    ]
  })
  const widths = HEADER.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  return [HEADER, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('   ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('')
}
