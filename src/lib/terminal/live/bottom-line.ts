import { BINDINGS } from './bindings.ts'
import { cleaned, drawnLine, type LiveText, type Span, spansWidth } from './live-text.ts'
import type { Look } from './look.ts'
import type { TextField } from './text-field.ts'
import { displayWidth } from './width.ts'

/** A line of keys, as many as fit, with `position` at its right end. */
export function keyHelpLine(readOnly: boolean, position: string, width: number, look: Look): string {
  const keys = BINDINGS.filter(({ word }) => word !== '')
  // The last ones tell how to learn the rest, and how to leave.
  const ending = keys.slice(-2)
  const parts = (shown: typeof keys): Span[] => [
    { text: ` ${look.glyphs.upDown} move` },
    ...shown.map(
      ({ key, word, writes }): Span => ({
        text: `  ${key === 'enter' ? look.glyphs.enter : key} ${word}`,
        tone: readOnly && writes ? 'dim' : 'plain',
      }),
    ),
  ]
  const room = width - position.length - 2
  let shown = keys
  for (let count = keys.length - 2; count >= 0 && spansWidth(parts(shown)) > room; count -= 1) {
    shown = [...keys.slice(0, count), ...ending]
  }
  return (
    drawnLine(parts(shown), width - position.length - 1, look) +
    drawnLine([{ text: `${position} ` }], position.length + 1, look)
  )
}

/** One line with something to say in place of the keys. */
export function noticeLine(text: LiveText, position: string, width: number, look: Look): string {
  const room = Math.max(0, width - position.length - 1)
  return (
    drawnLine([{ text: ' ' }, ...cleaned(text, look)], room, look) +
    drawnLine([{ text: `${position} ` }], width - room, look)
  )
}

/** A line to type in, and the column (from 0) of its cursor. A long text is shown around the cursor. */
export function inputLine(
  label: string,
  field: TextField,
  position: string,
  width: number,
  look: Look,
): { readonly line: string; readonly cursor: number } {
  const lead = ` ${look.clean(label)}`
  const clean = field.characters.map((character) => look.clean(character))
  const room = Math.max(4, width - displayWidth(lead) - displayWidth(position) - 3)
  const before = (from: number) => displayWidth(clean.slice(from, field.cursor).join(''))
  let from = 0
  while (before(from) > room) from += 1
  const spans: Span[] = [{ text: lead, tone: 'strong' }, { text: clean.slice(from).join('') }]
  const end = Math.max(0, width - displayWidth(position) - 1)
  return {
    cursor: Math.min(width - 1, displayWidth(lead) + before(from)),
    line: drawnLine(spans, end, look) + drawnLine([{ text: `${position} ` }], width - end, look),
  }
}
