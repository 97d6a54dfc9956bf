import { expect } from 'vitest'
import { chooseColour } from '../../../src/lib/terminal/colour.ts'
import type { Key } from '../../../src/lib/terminal/live/keys.ts'
import { decodeKeys, keysOfRest } from '../../../src/lib/terminal/live/keys.ts'
import { chooseLook } from '../../../src/lib/terminal/live/look.ts'
import type { Screen, Size } from '../../../src/lib/terminal/live/screen.ts'
import { displayWidth } from '../../../src/lib/terminal/live/width.ts'

export const PLAIN = chooseLook(chooseColour('never', {}, {}), { LANG: 'C.UTF-8' }, 'linux')
export const COLOURED = chooseLook(chooseColour('always', {}, {}), { LANG: 'C.UTF-8' }, 'linux')
export const ASCII = chooseLook(chooseColour('never', {}, {}), {}, 'linux')
export const SMALL: Size = { columns: 80, rows: 24 }
export const LARGE: Size = { columns: 200, rows: 50 }

/** The lines of a screen without colours and without blanks at their ends, having checked that it fits. */
export function shown({ lines }: Screen, size: Size): string[] {
  const bare = lines.map((line) => line.replaceAll(/\u001b\[\d+m/g, ''))
  expect(bare.map(displayWidth)).toEqual(Array(size.rows).fill(size.columns))
  return bare.map((line) => line.trimEnd())
}

/** The keys that a terminal sends as these bytes. */
export function keys(input: string): Key[] {
  const { keys: decoded, rest } = decodeKeys(input)
  return [...decoded, ...keysOfRest(rest)]
}
