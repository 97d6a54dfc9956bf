import { compilePattern, PatternError } from '../policy/pattern.ts'

/**
 * Whether a text matches one of the globs of an AppProject. Argo CD matches them with gobwas/glob without
 * separators: `*` also crosses `/`, `?` is one character, `[a-z]`, `[!a-z]`, `{dev,test-*}`, `\` before a
 * character that is meant literally. As there, a glob that cannot be read matches nothing.
 */
export function matchesProjectGlob(globs: readonly string[], text: string): boolean {
  return globs.some((glob) => glob === '*' || matches(glob, text))
}

function matches(glob: string, text: string): boolean {
  const expression = toExpression(glob)
  if (expression === undefined) return false
  try {
    return compilePattern(`^(?s:${expression})$`).occursIn(text)
  } catch (error) {
    if (error instanceof PatternError) return false
    throw error
  }
}

/** The glob in RE2's syntax; undefined when it is malformed. */
function toExpression(glob: string): string | undefined {
  const characters = [...glob]
  let expression = ''
  let depth = 0
  for (let position = 0; position < characters.length; position++) {
    const character = characters[position] ?? ''
    if (character === '*') expression += '.*'
    else if (character === '?') expression += '.'
    else if (character === '{') {
      expression += '(?:'
      depth++
    } else if (character === ',' && depth > 0) expression += '|'
    else if (character === '}' && depth > 0) {
      expression += ')'
      depth--
    } else if (character === '[') {
      const end = characters.indexOf(']', position)
      const set = end < 0 ? undefined : setExpression(characters.slice(position + 1, end))
      if (set === undefined) return undefined
      expression += set
      position = end
    } else if (character === '\\') {
      const literal = characters[++position]
      if (literal === undefined) return undefined
      expression += escaped(literal)
    } else expression += escaped(character)
  }
  return depth === 0 ? expression : undefined
}

function setExpression(content: readonly string[]): string | undefined {
  const negated = content[0] === '!'
  const members = negated ? content.slice(1) : content
  const [low, dash, high] = members
  if (low === undefined) return undefined
  const isRange = members.length === 3 && dash === '-' && high !== undefined
  if (isRange && low > high) return undefined
  const list = isRange ? `${escaped(low)}-${escaped(high)}` : members.map(escaped).join('')
  return `[${negated ? '^' : ''}${list}]`
}

function escaped(character: string): string {
  return /^[\x21-\x7e]$/.test(character) && /\W/.test(character) ? `\\${character}` : character
}
