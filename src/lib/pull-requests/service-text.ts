/** Characters a service takes; UTF-16 code units, the strictest way in which any of them counts. */
export interface TextLimits {
  readonly title: number
  readonly body: number
}

/** What every service takes, besides those that take less. */
export const USUAL_TEXT_LIMITS: TextLimits = { title: 255, body: 65_536 }

/** One line without control and formatting characters, at most `limit` long. */
export function shortenedTitle(title: string, limit: number): string {
  const line = title
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}]+/gu, '')
    .trim()
  return cut(line, limit).trimEnd()
}

/**
 * Without control characters but line feeds and tabs, and without orders to the service. One that is too long
 * ends at the end of a line, and says so.
 */
export function shortenedBody(body: string, limit: number): string {
  const clean = body
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]+/gu, '')
    .replace(/[\p{Bidi_Control}\p{Cs}]+/gu, '')
    .trimEnd()
  const text = withoutCommands(clean)
  if (text.length <= limit) return text
  const note = '\n\n… (shortened)'
  const kept = cut(text, limit - note.length)
  const end = kept.lastIndexOf('\n')
  return `${(end > limit / 2 ? kept.slice(0, end) : kept).trimEnd()}${note}`
}

/**
 * Lines that begin with `/word` are orders to GitLab (quick actions: `/merge`, `/assign`), and to robots at other
 * services, given in the name of whoever owns the token. A backslash makes them text, and is not shown.
 */
function withoutCommands(markdown: string): string {
  return markdown.replace(/^([ \t]*)\/(?=[a-z])/gim, '$1\\/')
}

/** Never through the middle of a character. */
function cut(text: string, limit: number): string {
  return text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '')
}
