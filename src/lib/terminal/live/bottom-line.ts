import { BINDINGS, type Binding } from './bindings.ts'
import { cleaned, type LiveText, type Span, spansWidth, splitLine } from './live-text.ts'
import type { Look } from './look.ts'
import type { TextField } from './text-field.ts'
import { displayWidth } from './width.ts'

/** On a narrow screen keys are left out of the line in this order; the help has them all. */
const EXPENDABLE: readonly (Binding['action'] | 'move')[] = [
  'log',
  'pause',
  'poll-now',
  'move',
  'filter',
  'hold',
  'skip',
  'diff',
  'approve-all',
  'approve',
  'explain',
]

/** A line of keys, as many as fit, with `position` at its right end. */
export function keyHelpLine(readOnly: boolean, position: string, width: number, look: Look): string {
  const { upDown, enter } = look.glyphs
  let keys: { action: Binding['action'] | 'move'; span: Span }[] = BINDINGS.filter(
    ({ word }) => word !== '',
  ).map(({ action, key, word, writes }) => ({
    action,
    span: { text: ` ${key === 'enter' ? enter : key} ${word} `, tone: readOnly && writes ? 'dim' : 'plain' },
  }))
  keys.unshift({ action: 'move', span: { text: ` ${upDown} move ` } })
  const room = width - displayWidth(position) - 2
  for (const expendable of EXPENDABLE) {
    if (spansWidth(keys.map(({ span }) => span)) <= room) break
    keys = keys.filter(({ action }) => action !== expendable)
  }
  return splitLine(
    keys.map(({ span }) => span),
    [{ text: position }],
    width,
    look,
  )
}

/** One line with something to say in place of the keys. */
export function noticeLine(text: LiveText, position: string, width: number, look: Look): string {
  return splitLine([{ text: ' ' }, ...cleaned(text, look)], [{ text: position }], width, look)
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
  return {
    cursor: Math.min(width - 1, displayWidth(lead) + before(from)),
    line: splitLine(spans, [{ text: position }], width, look),
  }
}
