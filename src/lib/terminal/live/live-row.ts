import type { Tone } from './live-text.ts'
import type { Mark } from './look.ts'

/** One image of one Application as a row of the live table. Rows are never changed: a new state is a new row. */
export interface LiveRow {
  /** What makes the row the same one after an update; the selection follows it. */
  readonly key: string
  readonly context?: string
  readonly namespace?: string
  readonly application: string
  readonly image: string
  readonly running: string
  readonly available: string
  readonly state: LiveState
  /** When the image is polled next. */
  readonly next?: Date
}

export interface LiveState {
  readonly mark?: Mark
  readonly text: string
  readonly tone?: Tone
  /** Its age is shown after the text and grows: `applied 12s`. */
  readonly since?: Date
  /** The time left is shown after the text: `min-age 23h`. */
  readonly until?: Date
}

/** What the first line says about the whole watch. */
export interface LiveHeader {
  /** Where: `prod-eu/argocd`. */
  readonly place: string
  readonly applications: number
  readonly images: number
  /** Milliseconds. */
  readonly pollInterval?: number
  /** When the next poll is due; left out while one is under way. */
  readonly nextPoll?: Date
  readonly requestsPerMinute?: number
  readonly phase: 'running' | 'polling' | 'paused' | 'stopping'
  /** Said in the place of rows where there are none; by default that no image has a rule. */
  readonly nothing?: string
  /** More to be aware of all the time: `dry run`. */
  readonly notes?: readonly string[]
}
