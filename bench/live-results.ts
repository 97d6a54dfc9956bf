import { renderTable } from '../src/lib/terminal/table.ts'
import { CHANGES, type LiveResult } from './live-redraws.ts'

/** A table. The ratios say how many times more the baseline needs than the line they stand in. */
export function formatLiveResults(results: readonly LiveResult[]): string {
  const ordered = CHANGES.flatMap((change) => results.filter((result) => result.change === change))
  const baseline = ({ change }: LiveResult) =>
    results.find((result) => result.client === 'baseline' && result.change === change)
  const ratio = (ours: number, theirs: number | undefined) => ((theirs ?? 0) / ours).toFixed(1)
  return renderTable(
    [
      { header: 'CHANGE', value: ({ change }) => change },
      { header: 'CLIENT', value: ({ client }) => client },
      { header: 'CPU MS', value: ({ milliseconds }) => milliseconds.toFixed(2) },
      { header: 'BYTES', value: ({ bytes }) => String(bytes) },
      {
        header: 'CPU RATIO',
        value: (result) => ratio(result.milliseconds, baseline(result)?.milliseconds),
      },
      { header: 'BYTES RATIO', value: (result) => ratio(result.bytes, baseline(result)?.bytes) },
    ],
    ordered,
  )
}
