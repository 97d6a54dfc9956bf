import { BINDINGS } from './bindings.ts'
import type { LiveText } from './live-text.ts'
import type { Look } from './look.ts'

const MOVES: readonly (readonly [keys: string, help: string])[] = [
  ['k, j', 'move up, down (or the arrow keys)'],
  ['PgUp, PgDn', 'move by a screen'],
  ['g, G', 'first row, last row (or Home, End)'],
]
const OTHERS: readonly (readonly [keys: string, help: string])[] = [
  ['Ctrl-L', 'draw the screen again'],
  ['Ctrl-Z', 'suspend; fg brings it back'],
  ['Ctrl-C', 'stop: a write in progress is finished first'],
]

/** What every key does, and what the signs mean. */
export function helpLines(readOnly: boolean, { glyphs }: Look): LiveText[] {
  const line = (keys: string, help: string) => `  ${keys.padEnd(12)} ${help}`
  const signs: readonly (readonly [sign: string, meaning: string])[] = [
    [glyphs.marks.asks, 'an update asks for your approval'],
    [glyphs.marks.done, 'an update was applied'],
    [glyphs.marks.busy, 'under way'],
    [glyphs.marks.waits, 'an update waits, and why'],
    [glyphs.marks.held, 'held'],
    [glyphs.marks.failed, 'failed, or a rule that cannot be used'],
  ]
  return [
    ...MOVES.map(([keys, help]) => line(keys, help)),
    '',
    ...BINDINGS.map(({ key, help, writes }): LiveText => {
      const text = line(key === 'enter' ? 'Enter' : key, help)
      return readOnly && writes ? [{ text: `${text} (not in a read-only watch)`, tone: 'dim' }] : text
    }),
    '',
    ...OTHERS.map(([keys, help]) => line(keys, help)),
    '',
    ...signs.map(([sign, meaning]) => line(sign, meaning)),
  ]
}
