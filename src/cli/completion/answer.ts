import { printable } from '../../lib/terminal/escape.ts'

/** Bits of cobra's last line, which tell the shell what to do with the candidates. */
export const DIRECTIVE = { default: 0, noSpace: 2, noFiles: 4, folders: 16, keepOrder: 32 } as const

export interface Candidate {
  readonly value: string
  readonly description?: string | undefined
}

export interface Answer {
  readonly candidates: readonly Candidate[]
  /** A sum of {@link DIRECTIVE}. */
  readonly directive: number
}

export const NOTHING: Answer = { candidates: [], directive: DIRECTIVE.noFiles }

/**
 * Nothing that a shell could read as more than a word, whichever shell and however its script quotes: names from
 * a cluster come to stand on somebody's command line. A dash in front would be a flag.
 */
const PLAIN_WORD = /^(?:--?)?[\p{L}\p{N}][\p{L}\p{N}\p{M}_.:@/=,+-]*$/u
const LONGEST_DESCRIPTION = 100

/** By cobra's protocol: one candidate a line, TAB and a description, and the directive as the last line. */
export function answerText({ candidates, directive }: Answer): string {
  const lines = candidates.filter(({ value }) => PLAIN_WORD.test(value)).map(candidateLine)
  return `${[...lines, `:${directive}`].join('\n')}\n`
}

/** Names from outside: what begins with a dash is none, and the others are taken as {@link answerText} lets them. */
export function namesOf(values: Iterable<string>): Candidate[] {
  return [...new Set(values)].filter((value) => !value.startsWith('-')).map((value) => ({ value }))
}

function candidateLine({ value, description = '' }: Candidate): string {
  const text = printable(description)
  if (text === '') return value
  const short = text.length > LONGEST_DESCRIPTION ? `${text.slice(0, LONGEST_DESCRIPTION - 1)}…` : text
  return `${value}\t${short}`
}
