import { displayWidth } from '../../src/lib/terminal/live/width.ts'

/** How a piece of text looks. Colours are `#rrggbb`; absent where they are the terminal's own. */
export interface Style {
  readonly colour?: string
  readonly background?: string
  readonly bold?: true
  readonly dim?: true
  readonly underlined?: true
  /** Colours change places. */
  readonly inverse?: true
}

/** Characters side by side that look the same. */
export interface Piece {
  /** From 0. */
  readonly column: number
  /** In columns. */
  readonly width: number
  readonly text: string
  readonly style: Style
}

/** The first eight are dark, the others bright. */
const PALETTE = [
  ...['#484f58', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#b1bac4'],
  ...['#6e7681', '#ffa198', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#ffffff'],
] as const

/**
 * A screen as `tmux capture-pane -e -p` writes it: text with SGR sequences of ECMA-48, whose effect goes on
 * across the ends of lines. Other sequences
 * do not come up there. Blanks at the end of a line that nothing shows are left out.
 */
export function readScreen(captured: string): Piece[][] {
  let style: Style = {}
  return captured
    .replace(/\n+$/, '')
    .split('\n')
    .map((line) => {
      const pieces: Piece[] = []
      let column = 0
      for (const [, codes, text = ''] of line.matchAll(/\u001b\[([\d;:]*)m|([^\u001b]+)/g)) {
        if (codes !== undefined) {
          style = styleAfter(style, codes)
          continue
        }
        const width = displayWidth(text)
        const before = pieces.at(-1)
        if (before && sameStyle(before.style, style)) {
          pieces[pieces.length - 1] = { ...before, text: before.text + text, width: before.width + width }
        } else pieces.push({ column, style, text, width })
        column += width
      }
      return withoutEnd(pieces)
    })
}

/** The parameters of one SGR sequence applied to what held before; those that mean nothing here change nothing. */
export function styleAfter(before: Style, codes: string): Style {
  const numbers = codes.split(/[;:]/).map(Number)
  let style = before
  while (numbers.length > 0) {
    const code = numbers.shift() ?? 0
    const extended = code === 38 || code === 48 ? extendedColour(numbers) : undefined
    const ended = ENDS[code]
    if (code === 0) style = {}
    else if (extended) style = { ...style, [code === 38 ? 'colour' : 'background']: extended }
    else if (ended) style = without(style, ended)
    else style = { ...style, ...STARTS[code], ...paletteStyle(code) }
  }
  return style
}

const STARTS: Readonly<Record<number, Style>> = {
  1: { bold: true },
  2: { dim: true },
  4: { underlined: true },
  7: { inverse: true },
}

const ENDS: Readonly<Record<number, readonly (keyof Style)[]>> = {
  22: ['bold', 'dim'],
  24: ['underlined'],
  27: ['inverse'],
  39: ['colour'],
  49: ['background'],
}

function paletteStyle(code: number): Style {
  const bright = code >= 90 ? 8 : 0
  const colour = PALETTE[(code % 10) + bright]
  const tens = Math.floor(code / 10)
  if (code % 10 > 7 || colour === undefined) return {}
  if (tens === 3 || tens === 9) return { colour }
  return tens === 4 || tens === 10 ? { background: colour } : {}
}

/** What follows 38 or 48: `5;n` of 256 colours, or `2;r;g;b`. Takes it from the parameters. */
function extendedColour(numbers: number[]): string | undefined {
  const kind = numbers.shift()
  if (kind === 2) return hexadecimal(numbers.splice(0, 3))
  const place = kind === 5 ? numbers.shift() : undefined
  if (place === undefined) return undefined
  if (place < 16) return PALETTE[place]
  if (place >= 232) return hexadecimal(Array(3).fill(8 + 10 * (place - 232)))
  const cube = place - 16
  const level = (step: number) => (step === 0 ? 0 : 55 + 40 * step)
  return hexadecimal([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level))
}

function hexadecimal(parts: readonly number[]): string {
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

function without(style: Style, names: readonly (keyof Style)[]): Style {
  return Object.fromEntries(Object.entries(style).filter(([name]) => !names.some((other) => other === name)))
}

function sameStyle(one: Style, other: Style): boolean {
  const text = (style: Style) => JSON.stringify(Object.entries(style).sort())
  return text(one) === text(other)
}

/** Without the blanks at the end of a line that nothing shows. */
function withoutEnd(pieces: readonly Piece[]): Piece[] {
  const kept = [...pieces]
  for (let last = kept.at(-1); last && isPlain(last.style); last = kept.at(-1)) {
    kept.pop()
    const text = last.text.trimEnd()
    if (text === '') continue
    kept.push({ ...last, text, width: displayWidth(text) })
    break
  }
  return kept
}

function isPlain({ background, inverse, underlined }: Style): boolean {
  return !background && !inverse && !underlined
}
