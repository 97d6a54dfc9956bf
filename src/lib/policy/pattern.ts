import { RE2JS } from 're2js'
import { UserError } from '../errors.ts'

/**
 * A regular expression from a rule. Always RE2, whose matching is linear in the text: patterns come from
 * whoever may annotate an Application, and a hostile one must not stall the operator's terminal.
 */
export interface Pattern {
  readonly source: string
  /** Whether the pattern occurs anywhere in the text. */
  occursIn(text: string): boolean
  /** What the named group caught, or undefined when the pattern does not occur or the group took no part. */
  capture(text: string, group: string): string | undefined
  readonly groups: readonly string[]
}

export class PatternError extends UserError {}

/** Longer patterns are refused; compiling time grows with the length. */
const LONGEST_PATTERN = 1024

/**
 * Compiles an RE2 pattern (Go's syntax).
 *
 * @throws PatternError saying what cannot be read; look-around, back-references and possessive
 * quantifiers are not RE2.
 */
export function compilePattern(source: string): Pattern {
  if (source.length > LONGEST_PATTERN) {
    throw new PatternError(
      `the pattern has ${source.length} characters, more than ${LONGEST_PATTERN}`,
      'Write a shorter pattern',
    )
  }
  const compiled = compile(source)
  return {
    source,
    occursIn: (text) => compiled.test(text),
    capture: (text, group) => {
      if (!compiled.test(text)) return undefined
      const matcher = compiled.matcher(text)
      return matcher.find() ? (matcher.group(group) ?? undefined) : undefined
    },
    groups: Object.keys(compiled.namedGroups()),
  }
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source)
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error)
    const lookAround = /\(\?<?[=!]/.test(source)
    throw new PatternError(
      `"${source}" is not an RE2 pattern: ${why}`,
      lookAround
        ? 'RE2 has no look-ahead or look-behind: match what is wanted, and drop the rest with ignore-tags'
        : 'Use the RE2 syntax of Go (github.com/google/re2/wiki/Syntax)',
      { cause: error },
    )
  }
}
