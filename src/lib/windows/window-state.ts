import { humanDuration } from '../age.ts'
import type { TimeWindow } from './time-window.ts'
import { type WindowMoment, WindowTimes } from './window-times.ts'

/** What windows say about a moment. */
export interface WindowState {
  readonly open: boolean
  /** One line: which window decides, and until when. */
  readonly reason: string
  /** When `open` changes; absent when it does not, or not within the search (100 beginnings and ends). */
  readonly changesAt?: Date
}

/** How many moments are looked at for the next change, so that no schedule costs more than some milliseconds. */
const MOST_MOMENTS = 100

/**
 * The semantics of Argo CD's sync windows: an active deny window closes; where there are allow windows, one
 * of them has to be active; without windows everything is open.
 *
 * A window is active from a time of its schedule on, that moment included, until its duration has elapsed,
 * that moment excluded.
 */
export function windowState(windows: readonly TimeWindow[], now: Date): WindowState {
  const times = windows.map((window) => new WindowTimes(window))
  const at = now.getTime()
  const moments = times.map((window) => window.at(at))
  const open = isOpen(windows, moments)
  const change = nextChange(times, moments, open)
  const reason = explain(windows, moments, at, change)
  return { open, reason, ...(change && { changesAt: new Date(change.at) }) }
}

/** The windows that are active at a moment. */
export function activeWindows<Window extends TimeWindow>(windows: readonly Window[], now: Date): Window[] {
  return windows.filter((window) => new WindowTimes(window).at(now.getTime()).active)
}

function isOpen(windows: readonly TimeWindow[], moments: readonly WindowMoment[]): boolean {
  const active = windows.filter((_, index) => moments[index]?.active)
  if (active.some(({ kind }) => kind === 'deny')) return false
  return active.length > 0 || windows.every(({ kind }) => kind === 'deny')
}

/** The moment at which the answer is another one, and the windows then. */
interface Change {
  readonly at: number
  readonly moments: readonly WindowMoment[]
}

/** Goes from one beginning or end to the next, until one of them changes the answer. */
function nextChange(
  times: readonly WindowTimes[],
  start: readonly WindowMoment[],
  open: boolean,
): Change | undefined {
  const windows = times.map(({ window }) => window)
  let moments = start
  for (let looked = 0; looked < MOST_MOMENTS; ) {
    const next = Math.min(...moments.map(({ lookAgain }) => lookAgain ?? Number.POSITIVE_INFINITY))
    if (next === Number.POSITIVE_INFINITY) return undefined
    moments = moments.map((moment, index) => {
      if (moment.lookAgain !== next) return moment
      looked++
      return times[index]?.at(next) ?? moment
    })
    if (isOpen(windows, moments) !== open) return { at: next, moments }
  }
  return undefined
}

function explain(
  windows: readonly TimeWindow[],
  moments: readonly WindowMoment[],
  now: number,
  change: Change | undefined,
): string {
  if (windows.length === 0) return 'no window'
  const wait = change ? humanDuration(change.at - now) : ''
  const deny = firstActive(windows, moments, 'deny')
  if (deny) return `deny window ${deny.text} is active${wait && `, opens in ${wait}`}`
  const allow = firstActive(windows, moments, 'allow')
  if (allow) return `window ${allow.text} is open${wait && `, closes in ${wait}`}`
  const nextDeny = change && firstActive(windows, change.moments, 'deny')
  if (nextDeny) return `no deny window is active, ${nextDeny.text} begins in ${wait}`
  const next = change && firstActive(windows, change.moments, 'allow')
  if (next) return `window ${next.text} opens in ${wait}`
  return windows.every(({ kind }) => kind === 'deny') ? 'no deny window is active' : 'no window is open'
}

function firstActive(
  windows: readonly TimeWindow[],
  moments: readonly WindowMoment[],
  kind: TimeWindow['kind'],
): TimeWindow | undefined {
  return windows.find((window, index) => window.kind === kind && moments[index]?.active)
}
