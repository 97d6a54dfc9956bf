import { inputLine } from './bottom-line.ts'
import { drawnLine, plainLine, type Span, splitLine } from './live-text.ts'
import type { Look } from './look.ts'
import type { Screen, Size } from './screen.ts'
import type { TextField } from './text-field.ts'
import { wrap } from './wrap.ts'

/** A page as it is to be seen. */
export interface VisiblePage {
  readonly title: string
  /** Clean, and no wider than the screen without two columns. */
  readonly lines: readonly (readonly Span[])[]
  /** The first line on the screen. */
  readonly top: number
  /** The line that a search found; -1 for none. */
  readonly found: number
  readonly searching: TextField | undefined
  readonly question?: string
}

/**
 * @returns how many lines of the page have room, and whether the whole question is to be seen (`true` without one)
 */
export function drawPage(
  page: VisiblePage,
  size: Size,
  look: Look,
): { readonly screen: Screen; readonly room: number; readonly whole: boolean } {
  const width = size.columns
  const question = questionLines(page.question, width, look)
  // The title above, the keys below.
  const whole = question.length <= Math.max(0, size.rows - 2)
  const room = Math.max(0, size.rows - 2 - question.length)
  const shown = page.lines.slice(page.top, page.top + room)
  const lines = [plainLine(` ${look.clean(page.title)}`, width, look, 'strong')]
  for (const [index, spans] of shown.entries()) {
    const found = page.top + index === page.found
    const line = drawnLine([{ text: found ? look.glyphs.selected : ' ' }, ...spans], width, look)
    lines.push(found ? look.paint('inverse', line) : line)
  }
  while (lines.length <= room) lines.push(' '.repeat(width))
  lines.push(...question)
  const last = Math.max(0, size.rows - 1)
  const above = lines.slice(0, last)
  const position =
    room > 0 && page.lines.length > room ? `${page.top + shown.length}/${page.lines.length}` : ''
  if (page.searching) {
    const { line, cursor } = inputLine('/', page.searching, position, width, look)
    return { room, screen: { cursor: { column: cursor, line: last }, lines: [...above, line] }, whole }
  }
  const keys = keysOf(page, position !== '', whole, look)
  const bottom = splitLine([{ text: ` ${keys}` }], [{ text: position }], width, look)
  return { room, screen: { lines: [...above, bottom] }, whole }
}

function questionLines(question: string | undefined, width: number, look: Look): string[] {
  if (question === undefined) return []
  const wrapped = wrap([{ text: look.clean(question), tone: 'strong' }], Math.max(1, width - 2))
  return [
    look.paint('dim', look.glyphs.rule.repeat(width)),
    ...wrapped.map((spans) => drawnLine([{ text: ' ' }, ...spans], width, look)),
  ]
}

function keysOf({ question }: VisiblePage, scrolls: boolean, whole: boolean, look: Look): string {
  const scroll = scrolls ? `  ${look.glyphs.upDown} scroll` : ''
  if (question === undefined) return `Esc close${scroll}  / search  n next`
  if (!whole) return 'The window is too small for the question: enlarge it, or Esc no'
  return `y yes  n no (default)${scroll}`
}
