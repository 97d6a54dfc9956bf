/**
 * `npm run bench:startup`: how long the program takes to start, against `kubectl version --client` in the same run.
 *
 *   --repetitions N   of each, in turn (20)
 */
import { parseArgs } from 'node:util'
import { formatStartups } from './startup-results.ts'
import { measureStartups } from './startup-runs.ts'

const { values } = parseArgs({ options: { repetitions: { type: 'string', default: '20' } } })
process.stdout.write(formatStartups(await measureStartups(Number(values.repetitions))))
