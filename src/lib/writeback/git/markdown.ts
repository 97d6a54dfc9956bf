import { cleanLine } from './outside-text.ts'

/** What means nothing in Markdown wherever it stands: versions, names, hashes, paths, plain URLs. */
const PLAIN = /^(?:https?:\/\/)?[A-Za-z0-9](?:[A-Za-z0-9.:/+_-]*[A-Za-z0-9/])?$/
const ZERO_WIDTH_SPACE = '\u200b'

/** A value as code, in which neither Markdown, HTML, mentions nor issue numbers are read. Fit for a cell of a table. */
export function codeSpan(value: string): string {
  // A backslash before the pipe belongs to the table and not to the code; one of the value would undo it.
  const text = cleanLine(value).replaceAll('`', "'").replaceAll('\\', '/').replaceAll('|', '\\|').trim()
  return text === '' ? '' : `\`${text}\``
}

/**
 * A value as text in Markdown: what has a meaning there is escaped, and neither `@team` nor `#12` reaches
 * anyone, since a space without width follows the sign. A plain word or URL stays as it is.
 */
export function markdownText(value: string): string {
  const line = cleanLine(value)
  if (PLAIN.test(line) && !line.includes('__')) return line
  return inertText(
    line.replace(/[\\`*_{}[\]()<>|~!&$+=-]|:(?=\/\/)|www(?=\.)/g, (character) => {
      return character === 'www' ? `www${ZERO_WIDTH_SPACE}` : `\\${character}`
    }),
  )
}

/** A value where no Markdown is read, such as a title: it mentions nobody and closes no issue. */
export function inertText(value: string): string {
  return cleanLine(value)
    .replace(/[@#](?=[\p{L}\p{N}_-])/gu, (sign) => sign + ZERO_WIDTH_SPACE)
    .replace(/\bGH-(?=[0-9])/gi, (word) => word + ZERO_WIDTH_SPACE)
}
