import type { Screen } from './screen.ts'

const CONTROL = '\u001b['
// Terminals that know synchronized updates show a frame at once; the others ignore this.
const BEGIN = `${CONTROL}?2026h`
const END = `${CONTROL}?2026l`

/** Brings a terminal from one screen to the next with as few bytes as its lines allow. */
export class ScreenWriter {
  readonly #write: (text: string) => void
  #shown: readonly string[] | undefined
  #cursor = ''

  constructor(write: (text: string) => void) {
    this.#write = write
  }

  /** The terminal shows something unknown: the next screen is written whole. */
  forget(): void {
    this.#shown = undefined
    this.#cursor = ''
  }

  show({ lines, cursor }: Screen): void {
    let text = this.#shown ? '' : `${CONTROL}2J`
    for (const [index, line] of lines.entries()) {
      if (line !== this.#shown?.[index]) text += `${CONTROL}${index + 1};1H${withoutBlanks(line)}`
    }
    const place = cursor
      ? `${CONTROL}${cursor.line + 1};${cursor.column + 1}H${CONTROL}?25h`
      : `${CONTROL}?25l`
    const cursorMoves = place !== this.#cursor || (cursor !== undefined && text !== '')
    this.#shown = lines
    this.#cursor = place
    if (text === '' && !cursorMoves) return
    this.#write(BEGIN + text + (cursorMoves ? place : '') + END)
  }
}

/** Blanks at the end are cheaper erased than written. */
function withoutBlanks(line: string): string {
  const text = line.trimEnd()
  return text === line ? line : `${text}${CONTROL}K`
}
