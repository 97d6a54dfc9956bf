/** One challenge of a WWW-Authenticate header; scheme and parameter names in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string>>
}

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y
const TOKEN68 = /[0-9A-Za-z._~+/-]+=*(?=\s*(?:,|$))/y
const QUOTED = /"((?:[^"\\]|\\.)*)"/y
const BLANK = /[ \t]*/y
const SEPARATORS = /[ \t,]*/y

/**
 * Reads every challenge of a WWW-Authenticate header (RFC 9110 §11.6.1): several challenges in one value,
 * quoted strings with commas and escapes, blanks around `=`, and token68 credentials. The readable
 * beginning of a malformed value is returned, the rest left out.
 */
export function parseChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = []
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(header)
    if (match) at = pattern.lastIndex
    return match
  }
  const takeParameter = (): [string, string] | undefined => {
    const start = at
    const name = take(TOKEN)?.[0]
    take(BLANK)
    if (name !== undefined && header[at] === '=') {
      at++
      take(BLANK)
      const value = take(QUOTED)?.[1]?.replace(/\\(.)/g, '$1') ?? take(TOKEN)?.[0]
      if (value !== undefined) return [name.toLowerCase(), value]
    }
    at = start
    return undefined
  }
  for (;;) {
    take(SEPARATORS)
    const scheme = take(TOKEN)?.[0].toLowerCase()
    if (scheme === undefined) return challenges
    const parameters: Record<string, string> = {}
    challenges.push({ scheme, parameters })
    take(BLANK)
    for (let parameter = takeParameter(); parameter; parameter = takeParameter()) {
      parameters[parameter[0]] ??= parameter[1]
      take(SEPARATORS)
    }
    if (Object.keys(parameters).length === 0) take(TOKEN68)
  }
}
