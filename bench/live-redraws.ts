import { chooseColour } from '../src/lib/terminal/colour.ts'
import type { Key } from '../src/lib/terminal/live/keys.ts'
import { LiveTable } from '../src/lib/terminal/live/live-table.ts'
import { chooseLook } from '../src/lib/terminal/live/look.ts'
import { ScreenWriter } from '../src/lib/terminal/live/screen-writer.ts'
import type { LiveClient } from './live-client.ts'
import { changed, liveHeader, liveRows } from './live-rows.ts'
import { NaiveTable } from './naive-table.ts'

/** What happens between two screens. */
export const CHANGES = ['a second passes', 'a row changes', 'selection moves', 'filter typed'] as const

/** One line of the result, for one redraw. */
export interface LiveResult {
  readonly client: 'baseline' | 'live view'
  readonly change: (typeof CHANGES)[number]
  /** CPU, of user and system. */
  readonly milliseconds: number
  readonly bytes: number
}

const SIZE = { columns: 200, rows: 50 }
const START = new Date('2026-03-01T14:00:00Z')
const REPETITIONS = 200
const FILTER = 'application-1'

export function measureRedraws(): LiveResult[] {
  return (['baseline', 'live view'] as const).flatMap((client) =>
    CHANGES.map((change) => {
      // Once unmeasured: the compiler of the runtime learns.
      measureChange(client, change, REPETITIONS / 4)
      return { change, client, ...measureChange(client, change, REPETITIONS) }
    }),
  )
}

function measureChange(name: LiveResult['client'], change: LiveResult['change'], repetitions: number) {
  let bytes = 0
  const write = (text: string) => {
    bytes += Buffer.byteLength(text)
  }
  const client = name === 'baseline' ? new NaiveTable(SIZE, write) : liveClient(write)
  const rows = liveRows(START)
  client.setRows(rows, START)
  bytes = 0
  const states = Array.from({ length: repetitions }, (_state, index) =>
    changed(rows, index % 40, `state ${index}`),
  )
  const before = process.cpuUsage()
  for (let index = 0; index < repetitions; index += 1) {
    const now = new Date(START.getTime() + index * 1_000)
    if (change === 'a row changes') client.setRows(states[index] ?? rows, now)
    else if (change === 'selection moves') client.press({ name: 'down', text: '' }, now)
    else if (change === 'filter typed') client.press(filterKey(index), now)
    else client.redraw(now)
  }
  const { user, system } = process.cpuUsage(before)
  return { bytes: Math.round(bytes / repetitions), milliseconds: (user + system) / 1_000 / repetitions }
}

/** Opens the filter, types it, gives it up, and so on. */
function filterKey(index: number): Key {
  const step = index % (FILTER.length + 2)
  if (step === 0) return { name: 'text', text: '/' }
  const character = FILTER[step - 1]
  return character ? { name: 'text', text: character } : { name: 'escape', text: '' }
}

function liveClient(write: (text: string) => void): LiveClient {
  const look = chooseLook(chooseColour('always', {}, {}), { LANG: 'C.UTF-8' }, 'linux')
  const table = new LiveTable(look, false)
  const writer = new ScreenWriter(write)
  table.header = liveHeader(START)
  const redraw = (now: Date) => writer.show(table.draw(SIZE, now))
  return {
    press: (key, now) => {
      table.press(key)
      redraw(now)
    },
    redraw,
    setRows: (rows, now) => {
      table.setRows(rows)
      redraw(now)
    },
  }
}
