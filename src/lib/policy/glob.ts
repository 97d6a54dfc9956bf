import { UserError } from '../errors.ts'

/** A compiled glob; only {@link parseGlob} makes one. */
export interface Glob {
  readonly pattern: string
  /** Whether the glob matches the whole text. */
  matches(text: string): boolean
}

export class GlobError extends UserError {}

type Step =
  | { readonly kind: 'star' }
  | { readonly kind: 'any' }
  | { readonly kind: 'one'; readonly character: string }
  | {
      readonly kind: 'set'
      readonly negated: boolean
      readonly ranges: readonly (readonly [number, number])[]
    }

const LONGEST = 1024

/**
 * Compiles a glob with the semantics of Go's filepath.Match: `*` and `?` (neither crosses a `/`), `[a-z]`,
 * negation only as `[^a-z]`, `\` takes the next character literally, no braces.
 *
 * @throws GlobError when the pattern is malformed: an open or empty set, a set that begins with `]` or `-`
 * or ends in `-`, a `\` at the end.
 */
export function parseGlob(pattern: string): Glob {
  if (pattern.length > LONGEST) throw malformed(pattern.slice(0, 40), `longer than ${LONGEST} characters`)
  const steps = parseSteps([...pattern], pattern)
  return { pattern, matches: (text) => matches(steps, [...text]) }
}

function parseSteps(characters: readonly string[], pattern: string): Step[] {
  const steps: Step[] = []
  let position = 0
  const literal = (): string => {
    const character = characters[position++]
    const taken = character === '\\' ? characters[position++] : character
    if (taken === undefined) throw malformed(pattern, 'something must follow the "\\" at its end')
    return taken
  }
  const setBound = (): number => {
    const character = characters[position]
    if (character === undefined) throw malformed(pattern, 'a "[" is never closed')
    if (character === '-' || character === ']')
      throw malformed(pattern, `"${character}" is out of place in a set`)
    return codePoint(literal())
  }
  const set = (): Step => {
    position++
    const negated = characters[position] === '^'
    if (negated) position++
    const ranges: [number, number][] = []
    while (ranges.length === 0 || characters[position] !== ']') {
      const low = setBound()
      const isRange = characters[position] === '-'
      if (isRange) position++
      ranges.push([low, isRange ? setBound() : low])
    }
    position++
    return { kind: 'set', negated, ranges }
  }
  while (position < characters.length) {
    const character = characters[position]
    if (character === '[') steps.push(set())
    else if (character === '*') {
      position++
      if (steps.at(-1)?.kind !== 'star') steps.push({ kind: 'star' })
    } else if (character === '?') {
      position++
      steps.push({ kind: 'any' })
    } else steps.push({ kind: 'one', character: literal() })
  }
  return steps
}

/** Only the last `*` is ever extended, so the work is bounded by pattern length times text length. */
function matches(steps: readonly Step[], text: readonly string[]): boolean {
  let step = 0
  let position = 0
  let star = -1
  let starEnd = 0
  while (position < text.length || step < steps.length) {
    const current = steps[step]
    if (current?.kind === 'star') {
      star = step++
      starEnd = position
      continue
    }
    const character = text[position]
    if (current !== undefined && character !== undefined && accepts(current, character)) {
      step++
      position++
      continue
    }
    if (star < 0 || starEnd >= text.length || text[starEnd] === '/') return false
    position = ++starEnd
    step = star + 1
  }
  return true
}

function accepts(step: Exclude<Step, { kind: 'star' }>, character: string): boolean {
  if (step.kind === 'any') return character !== '/'
  if (step.kind === 'one') return step.character === character
  const point = codePoint(character)
  return step.ranges.some(([low, high]) => low <= point && point <= high) !== step.negated
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0
}

function malformed(pattern: string, why: string): GlobError {
  return new GlobError(
    `"${pattern}" is not a glob: ${why}`,
    'Write * and ? as wildcards, [a-z] or [^a-z] for sets, \\ before a character that is meant literally',
  )
}
