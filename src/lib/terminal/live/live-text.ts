import type { Look } from './look.ts'
import { cutEnd, displayWidth, head } from './width.ts'

/** What a text means; the colour follows from it. */
export type Tone = 'plain' | 'good' | 'bad' | 'warning' | 'dim' | 'strong' | 'info'

/** A piece of a line, raw: it is escaped when drawn. */
export interface Span {
  readonly text: string
  readonly tone?: Tone
}

/** One line of text for the live screen. */
export type LiveText = string | readonly Span[]

const STYLES = {
  good: 'green',
  bad: 'red',
  warning: 'yellow',
  dim: 'dim',
  strong: 'bold',
  info: 'cyan',
} as const

/** Paints text that is already clean. */
export function toned(text: string, tone: Tone | undefined, look: Look): string {
  return !tone || tone === 'plain' || text === '' ? text : look.paint(STYLES[tone], text)
}

export function spansOf(text: LiveText): readonly Span[] {
  return typeof text === 'string' ? [{ text }] : text
}

/** The pieces with their texts made safe to draw. */
export function cleaned(text: LiveText, look: Look): Span[] {
  return spansOf(text).map((span) => ({ ...span, text: look.clean(span.text) }))
}

export function spansWidth(spans: readonly Span[]): number {
  return spans.reduce((width, { text }) => width + displayWidth(text), 0)
}

/** Clean pieces as one line of exactly this width: what is too long is cut at the end. */
export function drawnLine(spans: readonly Span[], width: number, look: Look): string {
  const whole = spansWidth(spans)
  let left = whole > width ? width - 1 : width
  let line = ''
  for (const { text, tone } of spans) {
    const shown = displayWidth(text) > left ? head(text, left) : text
    line += toned(shown, tone, look)
    left -= displayWidth(shown)
    if (shown !== text) break
  }
  if (whole > width && width > 0) line += look.glyphs.ellipsis
  return line + ' '.repeat(Math.max(0, left))
}

/** One clean text as a line of exactly this width. */
export function plainLine(text: string, width: number, look: Look, tone?: Tone): string {
  return drawnLine([{ text: cutEnd(text, width, look.glyphs.ellipsis), ...(tone && { tone }) }], width, look)
}

/** A line of exactly this width with `right` at its end, whole as long as there is room, and a blank before and after it. */
export function splitLine(left: readonly Span[], right: readonly Span[], width: number, look: Look): string {
  const end = spansWidth(right) === 0 ? 0 : Math.min(width, spansWidth(right) + 2)
  const ending = end === 0 ? '' : drawnLine([{ text: ' ' }, ...right, { text: ' ' }], end, look)
  return drawnLine(left, width - end, look) + ending
}
