import type { Paint } from './colour.ts'
import { printable } from './escape.ts'
import { shortenMiddle } from './shorten.ts'

type Style = Parameters<Paint>[0]

/** One line of a fact. `lead` stands before the text, which hangs under itself where it needs more lines. */
export interface FactLine {
  readonly lead?: string
  readonly leadStyle?: Style
  readonly text: string
  readonly style?: Style
  /** A command to copy: never broken and never shortened. */
  readonly whole?: boolean
}

/** A label and what is to be said about it. */
export interface Fact {
  readonly label: string
  readonly lines: readonly FactLine[]
}

const LABEL = 12
/** Narrower text is unreadable, whatever the terminal. */
const NARROWEST = 24

/**
 * Facts one below another: labels in a column of their own, text broken at blanks so that it fits, words
 * that do not fit shortened in the middle. Everything is escaped here, so callers pass it raw.
 *
 * @param width columns of the terminal; Infinity breaks and shortens nothing
 */
export function renderFacts(facts: readonly Fact[], width: number, paint: Paint): string {
  const lines = facts.flatMap(({ label, lines: own }) =>
    own.flatMap((line, index) => factLines(line, index === 0 ? label : '', width, paint)),
  )
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

/** The same lines with leads of one width. */
export function aligned(lines: readonly FactLine[], gap = 2): FactLine[] {
  const widest = Math.max(0, ...lines.map(({ lead = '' }) => columns(printable(lead))))
  return lines.map((line) => {
    const lead = printable(line.lead ?? '')
    return { ...line, lead: lead + ' '.repeat(widest - columns(lead) + gap) }
  })
}

function factLines(line: FactLine, label: string, width: number, paint: Paint): string[] {
  const lead = printable(line.lead ?? '')
  const indent = LABEL + columns(lead)
  const text = printable(line.text)
  const broken = line.whole ? [text] : breakText(text, Math.max(NARROWEST, width - indent))
  const style = (part: string) => (line.style && part !== '' ? paint(line.style, part) : part)
  const head = (label && paint('bold', label)) + ' '.repeat(LABEL - columns(label))
  const styledLead = line.leadStyle && lead.trim() !== '' ? paint(line.leadStyle, lead) : lead
  return broken.map((part, index) =>
    index === 0 ? head + styledLead + style(part) : ' '.repeat(indent) + style(part),
  )
}

function breakText(text: string, width: number): string[] {
  const lines: string[] = []
  let current = ''
  for (const word of text.split(' ')) {
    const fitting = columns(word) > width ? shortenMiddle(word, width) : word
    if (current === '') current = fitting
    else if (columns(current) + 1 + columns(fitting) <= width) current += ` ${fitting}`
    else {
      lines.push(current)
      current = fitting
    }
  }
  return [...lines, current]
}

function columns(text: string): number {
  return [...text].length
}
