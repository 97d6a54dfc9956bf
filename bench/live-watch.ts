import { EventEmitter } from 'node:events'
import { mock } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { chooseColour } from '../src/lib/terminal/colour.ts'
import { LiveView } from '../src/lib/terminal/live/live-view.ts'
import { changed, liveHeader, liveRows, ROWS } from './live-rows.ts'

const HOURS = 8
const HOUR = 3_600
/** Seconds from one poll to the next that changes a row. */
const UPDATE = 2

export interface WatchedHeap {
  readonly hours: number
  readonly frames: number
  /** Bytes in use after a collection, after the first hour. */
  readonly start: number
  /** The same after the last. */
  readonly end: number
}

/** A watch of a working day, second by second, on a clock that runs as fast as it can: what it leaves in memory. */
export async function measureWatch(): Promise<WatchedHeap> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const heap = () => {
    collect()
    return process.memoryUsage().heapUsed
  }
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: Date.now() })
  let frames = 0
  const input = Object.assign(new EventEmitter(), { pause() {}, resume() {}, setRawMode() {} })
  const write = () => {
    frames += 1
    return true
  }
  const output = Object.assign(new EventEmitter(), {
    columns: 200,
    rows: 50,
    writableNeedDrain: false,
    write,
  })
  const signals = Object.assign(new EventEmitter(), { kill() {}, pid: 1, platform: process.platform })
  const view = new LiveView({
    captured: [],
    environment: { LANG: 'C.UTF-8' },
    paint: chooseColour('always', {}, {}),
    world: { input, output, process: signals },
  })
  view.start()
  let rows = liveRows(new Date())
  view.setRows(rows)
  let start = 0
  for (let second = 1; second <= HOURS * HOUR; second += 1) {
    if (second % UPDATE === 0) {
      rows = changed(rows, second, `applied at ${second}`)
      view.setRows(rows)
      view.log(`application-${second % ROWS}/app applied`, 'good')
    }
    if (second % 10 === 0) view.setHeader(liveHeader(new Date()))
    if (second % 30 === 0) input.emit('data', Buffer.from(second % 60 === 0 ? 'j' : '/app\u001b[A\r'))
    mock.timers.tick(1_000)
    if (second === HOUR) start = heap()
  }
  const end = heap()
  view.stop()
  mock.timers.reset()
  return { end, frames, hours: HOURS, start }
}
