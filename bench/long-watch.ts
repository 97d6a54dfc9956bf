import { EventEmitter } from 'node:events'
import { mock } from 'node:test'
import { setImmediate as settled } from 'node:timers/promises'
import { isUpdatable } from '../src/lib/engine/checked-image.ts'
import { watch } from '../src/lib/engine/watch.ts'
import { WatchBoard } from '../src/lib/engine/watch-board.ts'
import { WatchDesk } from '../src/lib/engine/watch-desk.ts'
import { isTold, type WatchEvent } from '../src/lib/engine/watch-event.ts'
import { chooseColour } from '../src/lib/terminal/colour.ts'
import { LiveView } from '../src/lib/terminal/live/live-view.ts'
import { watchLines } from '../src/lib/terminal/watch-lines.ts'
import { WatchRows } from '../src/lib/terminal/watch-rows.ts'
import { SimulatedRegistry } from './simulated-registry.ts'
import { SimulatedWorld } from './simulated-world.ts'
import { repositoryName, type Scale } from './workload.ts'

const HOUR = 3_600
const INTERVAL = 120_000
/** Seconds from one build of any repository to the next. */
const BUILD = 60
/** Seconds from one look of the person at what waits for them to the next. */
const ATTENTION = 300
const START = new Date('2026-03-02T08:00:00Z')

/** What a watch has in memory after an hour of its time. */
export interface HourOfWatch {
  readonly hour: number
  /** Bytes in use after a collection. */
  readonly heap: number
  /** Since the start. */
  readonly polls: number
  readonly applied: number
  readonly followed: number
  readonly frames: number
}

/**
 * The whole watch from the loop to the last byte of the screen, second by second on a clock that runs as fast as it can.
 * Builds come, versions are applied by themselves, moved tags wait until the person approves every third and
 * declines the rest; what was written is followed.
 */
export async function longWatch(hours: number, scale: Scale, collect: () => void): Promise<HourOfWatch[]> {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: START })
  const stop = new AbortController()
  const registry = new SimulatedRegistry()
  const world = new SimulatedWorld(registry, scale, stop.signal)
  const desk = new WatchDesk()
  const screen = new Screen()
  const settings = { approve: 'minor', dryRun: false, interval: INTERVAL, once: false } as const
  const watching = (async () => {
    for await (const event of watch(world, settings, stop.signal, desk)) screen.show(event)
  })()
  const results: HourOfWatch[] = []
  for (let second = 1; second <= hours * HOUR; second += 1) {
    if (second % BUILD === 0) registry.build(repositoryName((second / BUILD) % scale.repositories))
    if (second % ATTENTION === 0) screen.decide(desk)
    mock.timers.tick(1_000)
    // The loop goes as far as it can in this second.
    await settled()
    if (second % HOUR !== 0) continue
    collect()
    results.push({ ...screen.counts, heap: process.memoryUsage().heapUsed, hour: second / HOUR })
  }
  stop.abort()
  await watching
  screen.close()
  mock.timers.reset()
  return results
}

/** The live table on a terminal that keeps nothing. */
class Screen {
  readonly counts = { applied: 0, followed: 0, frames: 0, polls: 0 }
  readonly #paint = chooseColour('always', {}, {})
  readonly #input = Object.assign(new EventEmitter(), { pause() {}, resume() {}, setRawMode() {} })
  readonly #board = new WatchBoard()
  readonly #rows = new WatchRows({ contextOf: () => '', severalNamespaces: false })
  readonly #view: LiveView
  #nextPoll = START

  constructor() {
    const write = () => {
      this.counts.frames += 1
      return true
    }
    const output = Object.assign(new EventEmitter(), {
      columns: 200,
      rows: 50,
      writableNeedDrain: false,
      write,
    })
    const signals = Object.assign(new EventEmitter(), { kill() {}, pid: 1, platform: process.platform })
    this.#view = new LiveView({
      captured: [],
      environment: { LANG: 'C.UTF-8' },
      paint: this.#paint,
      world: { input: this.#input, output, process: signals },
    })
    this.#view.start()
  }

  show(event: WatchEvent): void {
    this.#board.follow(event)
    if (event.type === 'cycle') {
      this.counts.polls += 1
      this.#nextPoll = event.nextAt
    }
    if (event.type === 'applied') this.counts.applied += 1
    if (event.type === 'followed') this.counts.followed += 1
    if (isTold(event) && event.type !== 'cycle') {
      for (const line of watchLines(event, this.#paint, { stamped: false })) this.#view.log(line)
    }
    const { rows } = this.#board
    this.#view.setRows(this.#rows.liveRows(rows))
    this.#view.setHeader({
      applications: rows.length,
      images: rows.length,
      nextPoll: this.#nextPoll,
      phase: 'running',
      place: 'prod-eu/argocd',
      pollInterval: INTERVAL,
      requestsPerMinute: 30,
    })
  }

  /** The person looks through the table, and answers what waits for them. */
  decide(desk: WatchDesk): void {
    this.#input.emit('data', Buffer.from('jjj/service\r\u001b[A'))
    const images = this.#board.rows.flatMap(({ image, state }) =>
      state.kind === 'pending' && isUpdatable(image) ? [image] : [],
    )
    const chosen = images.filter((_image, index) => index % 3 === 0)
    if (chosen.length > 0) desk.submit({ images: chosen, type: 'apply' })
    const others = images.filter((image) => !chosen.includes(image))
    if (others.length > 0) desk.submit({ images: others, type: 'decline' })
  }

  close(): void {
    this.#view.stop()
  }
}
