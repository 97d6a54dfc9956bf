import { renderTable } from '../src/lib/terminal/table.ts'

/** How long one command of one program took, each time. */
export interface Startup {
  readonly command: string
  readonly program: string
  readonly until: 'its end' | 'first request'
  /** What it may take, milliseconds, where a number says so. */
  readonly budget?: number | undefined
  readonly milliseconds: readonly number[]
}

/** A table. `RATIO`: the median divided by the one of the first line. */
export function formatStartups(startups: readonly Startup[]): string {
  const baseline = median(startups[0]?.milliseconds ?? [])
  return renderTable<Startup>(
    [
      { header: 'COMMAND', value: ({ command }) => command },
      { header: 'PROGRAM', value: ({ program }) => program },
      { header: 'UNTIL', value: ({ until }) => until },
      { header: 'MEDIAN MS', value: ({ milliseconds }) => median(milliseconds).toFixed(0) },
      { header: 'LOWEST MS', value: ({ milliseconds }) => Math.min(...milliseconds).toFixed(0) },
      { header: 'BUDGET MS', value: ({ budget }) => budget?.toFixed(0) ?? '-' },
      { header: 'RATIO', value: ({ milliseconds }) => (median(milliseconds) / baseline).toFixed(2) },
    ],
    startups,
  )
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
