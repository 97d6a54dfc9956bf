import type { LiveText, Span, Tone } from './live-text.ts'

const SELECT_GRAPHIC_RENDITION = /\u001b\[(\d{0,3})m/
const TONES: Readonly<Record<string, Tone>> = {
  '1': 'strong',
  '2': 'dim',
  '31': 'bad',
  '32': 'good',
  '33': 'warning',
  '36': 'info',
}

/**
 * What the printers of this program made with a {@link Paint}, as lines for the live screen: their colours are kept
 * as tones, and every other escape sequence stays text, to be escaped when drawn.
 */
export function paintedLines(text: string): LiveText[] {
  return text.replace(/\n$/, '').split('\n').map(spansOfLine)
}

function spansOfLine(line: string): LiveText {
  const [first = '', ...parts] = line.split(SELECT_GRAPHIC_RENDITION)
  if (parts.length === 0) return first
  const spans: Span[] = [{ text: first }]
  for (let index = 0; index < parts.length; index += 2) {
    spans.push({ text: parts[index + 1] ?? '', tone: TONES[parts[index] ?? ''] ?? 'plain' })
  }
  return spans.filter((span) => span.text !== '')
}
