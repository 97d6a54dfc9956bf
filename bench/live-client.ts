import type { Key } from '../src/lib/terminal/live/keys.ts'
import type { LiveRow } from '../src/lib/terminal/live/live-row.ts'

/** What is measured: each method is a change and the redraw after it. */
export interface LiveClient {
  setRows(rows: readonly LiveRow[], now: Date): void
  press(key: Key, now: Date): void
  redraw(now: Date): void
}
