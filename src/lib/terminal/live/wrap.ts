import type { Span } from './live-text.ts'
import { displayWidth, head } from './width.ts'

/**
 * Clean pieces in lines no wider than `width`: broken after a blank where there is one in the second half of the
 * line, inside a word otherwise. Nothing is left out.
 */
export function wrap(spans: readonly Span[], width: number): Span[][] {
  const lines: Span[][] = [[]]
  let left = width
  const breakLine = () => {
    lines.push([])
    left = width
  }
  for (const { text, ...rest } of spans) {
    let remaining = text
    while (displayWidth(remaining) > left) {
      const fitting = head(remaining, left)
      const blank = fitting.lastIndexOf(' ') + 1
      const piece = blank > fitting.length / 2 ? fitting.slice(0, blank) : fitting
      // A character of two columns that fits no line of one must not stop the world.
      const taken = piece === '' && left === width ? ([...remaining][0] ?? '') : piece
      if (taken !== '') lines.at(-1)?.push({ ...rest, text: taken })
      remaining = remaining.slice(taken.length)
      breakLine()
    }
    if (remaining !== '') {
      lines.at(-1)?.push({ ...rest, text: remaining })
      left -= displayWidth(remaining)
    }
  }
  return lines.length > 1 && lines.at(-1)?.length === 0 ? lines.slice(0, -1) : lines
}
