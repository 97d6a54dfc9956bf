import { renderTable } from '../src/lib/terminal/table.ts'
import { longWatch } from './long-watch.ts'
import { DEFAULT_SCALE } from './workload.ts'

const HOURS = 8
/** Growth of an hour, in MiB on average after the first hour, above which something is kept that should not be. */
const BOUND = 0.25
const MEBIBYTE = 2 ** 20

const { gc: collect } = globalThis
if (!collect) throw new Error('Run it with npm run bench:memory: it needs node --expose-gc')
const hours = await longWatch(HOURS, DEFAULT_SCALE, collect)
process.stdout.write(
  renderTable(
    [
      { header: 'HOUR', value: ({ hour }) => String(hour) },
      { header: 'POLLS', value: ({ polls }) => String(polls) },
      { header: 'APPLIED', value: ({ applied }) => String(applied) },
      { header: 'FOLLOWED', value: ({ followed }) => String(followed) },
      { header: 'FRAMES', value: ({ frames }) => String(frames) },
      { header: 'HEAP MIB', value: ({ heap }) => (heap / MEBIBYTE).toFixed(2) },
    ],
    hours,
  ),
)
const growth = ((hours.at(-1)?.heap ?? 0) - (hours[0]?.heap ?? 0)) / MEBIBYTE / (HOURS - 1)
process.stdout.write(`\n${growth.toFixed(3)} MiB an hour after the first; at most ${BOUND} are allowed.\n`)
if (growth > BOUND) process.exitCode = 1
