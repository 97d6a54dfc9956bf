import type { Paint } from '../colour.ts'
import { printable } from '../escape.ts'

/** What a row's state looks like at a glance; its text says the same in words. */
export type Mark = 'asks' | 'done' | 'failed' | 'waits' | 'busy' | 'held'

/** The signs that are not letters, one column each. */
export interface Glyphs {
  readonly selected: string
  readonly marks: Readonly<Record<Mark, string>>
  readonly running: string
  readonly paused: string
  readonly ellipsis: string
  readonly rule: string
  readonly dot: string
  readonly upDown: string
  readonly enter: string
}

/** How a screen is drawn on one particular terminal. */
export interface Look {
  readonly paint: Paint
  readonly glyphs: Glyphs
  /** Text from anywhere made safe and showable: call it on all that is drawn, once. */
  readonly clean: (text: string) => string
}

const SIGNS: Glyphs = {
  selected: '▸',
  marks: { asks: '◆', done: '✔', failed: '✖', waits: '◷', busy: '◌', held: '■' },
  running: '●',
  paused: '○',
  ellipsis: '…',
  rule: '─',
  dot: '·',
  upDown: '↑↓',
  enter: '⏎',
}

const ASCII: Glyphs = {
  selected: '>',
  marks: { asks: '?', done: '+', failed: 'x', waits: '~', busy: '.', held: '=' },
  running: '*',
  paused: '=',
  ellipsis: '~',
  rule: '-',
  dot: '-',
  upDown: 'up/down',
  enter: 'Enter',
}

const SPELT: Readonly<Record<string, string>> = {
  '→': '->',
  '…': '...',
  '·': '-',
  '−': '-',
  '≥': '>=',
  '≤': '<=',
}

/**
 * The signs of this terminal: plain ASCII where its locale is not UTF-8 (the first of LC_ALL, LC_CTYPE and LANG
 * that is set decides, as in POSIX; Windows consoles need none), and on the Linux console, whose font lacks most.
 */
export function chooseLook(
  paint: Paint,
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Look {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || ''
  const unicode = platform === 'win32' || /utf-?8/i.test(locale)
  const plain = !unicode || environment['TERM'] === 'linux' || environment['TERM'] === 'dumb'
  return plain
    ? { paint, glyphs: ASCII, clean: (text) => asciiOf(printable(text)) }
    : { paint, glyphs: SIGNS, clean: printable }
}

function asciiOf(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (character) => SPELT[character] ?? '?')
}
