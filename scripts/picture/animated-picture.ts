import type { Piece, Style } from './painted-screen.ts'

/** A screen, and how long it is shown. */
export interface Frame {
  readonly lines: readonly (readonly Piece[])[]
  /** Milliseconds. */
  readonly duration: number
}

export interface PictureOptions {
  /** For those who do not see it. */
  readonly title: string
  readonly columns: number
  readonly rows: number
}

/** One character, in pixels. */
const CELL = { height: 18, width: 8.4 }
const FONT_SIZE = 14
/** From the upper edge of a line to the foot of its letters. */
const BASELINE = 13
const MARGIN = 14
const PAPER = '#0d1117'
const INK = '#e6edf3'
const FONTS = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace"

/**
 * Frames of a terminal as one SVG that runs by CSS alone, again and again: no script, nothing loaded, the text is text. Where
 * nothing moves (a reader who wants no motion, a program without CSS animation) the `still` frame stays. Each piece
 * is told its width, so that the columns meet in whatever font there is.
 *
 * @param still which frame tells most by itself
 */
export function animatedPicture(frames: readonly Frame[], options: PictureOptions, still = 0): string {
  const width = Math.ceil(options.columns * CELL.width + 2 * MARGIN)
  const height = options.rows * CELL.height + 2 * MARGIN
  const total = frames.reduce((sum, { duration }) => sum + duration, 0)
  let start = 0
  const rules = frames.map(({ duration }, index) => {
    const share = (time: number) => `${Number(((100 * time) / total).toFixed(3))}%`
    const shown = [share(start), share(start + duration)]
    start += duration
    const before = index === 0 ? '' : '0%{visibility:hidden}'
    return `@keyframes f${index}{${before}${shown[0]}{visibility:visible}${shown[1]}{visibility:hidden}}`
  })
  const motion = frames.map((_frame, index) => `#f${index}{animation:f${index} ${total}ms step-end infinite}`)
  const style = [
    `text{font:${FONT_SIZE}px ${FONTS};fill:${INK};white-space:pre}`,
    `.b{font-weight:700}.d{opacity:.6}.u{text-decoration:underline}`,
    `.f{visibility:hidden}#f${still}{visibility:visible}`,
    `@media (prefers-reduced-motion:no-preference){${[...rules, ...motion].join('')}}`,
  ].join('\n')
  const groups = frames.map(({ lines }, index) => {
    const pieces = lines.flatMap((line, row) => line.flatMap((piece) => drawn(piece, row)))
    return `<g class="f" id="f${index}">\n${pieces.join('\n')}\n</g>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(options.title)}</title>`,
    `<style>${style}</style>`,
    `<rect width="100%" height="100%" rx="8" fill="${PAPER}"/>`,
    ...groups,
    '</svg>\n',
  ].join('\n')
}

function drawn(piece: Piece, row: number): string[] {
  const { style } = piece
  const [ink, paper] = style.inverse
    ? [style.background ?? PAPER, style.colour ?? INK]
    : [style.colour, style.background]
  const top = MARGIN + row * CELL.height
  const left = (column: number) => rounded(MARGIN + column * CELL.width)
  const ground = paper
    ? [
        `<rect x="${left(piece.column)}" y="${top}" width="${rounded(piece.width * CELL.width)}" height="${CELL.height}" fill="${paper}"/>`,
      ]
    : []
  return [...ground, ...words(piece).map(({ column, text, width }) => writing(text, column, width))]

  function writing(text: string, column: number, width: number): string {
    const kind = kindOf(style)
    return [
      `<text x="${left(column)}" y="${top + BASELINE}" textLength="${rounded(width * CELL.width)}"`,
      ...(kind === '' ? [] : [` class="${kind}"`]),
      ...(ink ? [` style="fill:${ink}"`] : []),
      `>${escaped(text)}</text>`,
    ].join('')
  }
}

/** Gaps of two blanks and more are left out: what stands on both sides has its place. */
function words({ column, text, width }: Piece): { column: number; text: string; width: number }[] {
  // Where characters are not one column wide each, places inside cannot be counted.
  if (text.length !== width) return [{ column, text, width }]
  return [...text.matchAll(/\S+(?: \S+)*/g)].map((match) => ({
    column: column + match.index,
    text: match[0],
    width: match[0].length,
  }))
}

function kindOf({ bold, dim, underlined }: Style): string {
  return [bold && 'b', dim && 'd', underlined && 'u'].filter(Boolean).join(' ')
}

function rounded(pixels: number): number {
  return Number(pixels.toFixed(1))
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
