import { measureRedraws } from './live-redraws.ts'
import { formatLiveResults } from './live-results.ts'
import { measureWatch } from './live-watch.ts'

process.stdout.write(formatLiveResults(measureRedraws()))
const { hours, frames, start, end } = await measureWatch()
const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1)
process.stdout.write(
  `\nWatch of ${hours} hours: ${frames} frames; heap ${mebibytes(start)} MiB after the first hour, ${mebibytes(end)} MiB after the last.\n`,
)
