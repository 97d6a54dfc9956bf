import type { GoTemplate } from '../../gotemplate/template.ts'
import { writtenMessage } from './commit-message.ts'
import type { DescribedApplication } from './described-change.ts'
import { inertText, markdownText } from './markdown.ts'
import { cleanText } from './outside-text.ts'
import { applicationLines, TABLE_HEAD, tableRows } from './pull-request-table.ts'
import { cutBytes } from './ref-name.ts'
import { cutAtSpace } from './subject.ts'

/** What GitHub and GitLab take for a title, in characters, and GitHub for a body, here in bytes of UTF-8. */
const LONGEST_TITLE = 255
const LONGEST_BODY = 65_536
/** Room for the line that tells how much is missing. */
const RESERVE = 64

export interface PullRequestText {
  readonly title: string
  /** Markdown; '' where the title says all. */
  readonly body: string
}

interface Limits {
  /** Bytes; for forges that take less. */
  readonly longestBody?: number
  /** The only hosts that are linked to; without it all are. */
  readonly linkHosts?: readonly string[]
}

/**
 * Title and body of a pull request: the text that the operator's template makes, if there is one, a table of
 * images and the list of Applications.
 */
export function pullRequestText(
  applications: readonly DescribedApplication[],
  template?: GoTemplate,
  limits: Limits = {},
): PullRequestText {
  if (template === undefined) return composedText(applications, '', '', limits)
  const [title = ''] = writtenMessage(applications, template, inertText).text.split('\n')
  const [, ...body] = writtenMessage(applications, template, markdownText).text.split('\n')
  return composedText(applications, title, body.join('\n'), limits)
}

/**
 * The same of a message that is already written: its first line is the title, the rest opens the body.
 *
 * @param message must not hold text from outside that is not safe in Markdown
 */
export function pullRequestTextOf(
  applications: readonly DescribedApplication[],
  message: string,
): PullRequestText {
  const [title = '', ...body] = cleanText(message).split('\n')
  return composedText(applications, title, body.join('\n'), {})
}

function composedText(
  applications: readonly DescribedApplication[],
  title: string,
  message: string,
  { longestBody = LONGEST_BODY, linkHosts }: Limits,
): PullRequestText {
  const sections = [
    cutLines(message.trim(), Math.floor(longestBody / 2)),
    ...listed(tableRows(applications, linkHosts), 'image', Math.floor(longestBody * 0.35), TABLE_HEAD),
  ]
  const withImages = applications.filter(({ images }) => images.length > 0)
  if (withImages.length > 0) sections.push('Applications:')
  sections.push(...listed(applicationLines(withImages), 'Application', Math.floor(longestBody * 0.1)))
  const body = sections.filter((section) => section !== '').join('\n\n')
  const fallback = defaultTitle(applications)
  return {
    title: fittingTitle(title || fallback),
    body: cutBytes(body === '' && title === '' ? `${fallback}.` : body, longestBody),
  }
}

/** The lines that there is room for, and how many more there are. @param room in bytes */
function listed(lines: readonly string[], what: string, room: number, head = ''): readonly string[] {
  if (lines.length === 0) return []
  let left = room - Buffer.byteLength(head) - RESERVE
  const kept = lines.findIndex((line) => {
    left -= Buffer.byteLength(line) + 1
    return left < 0
  })
  const shown = kept < 0 ? lines : lines.slice(0, kept)
  const missing = lines.length - shown.length
  const list = [head, ...shown].filter((line) => line !== '').join('\n')
  return missing === 0 ? [list] : [list, `… and ${missing} more ${what}${missing === 1 ? '' : 's'}`]
}

function cutLines(text: string, room: number): string {
  if (Buffer.byteLength(text) <= room) return text
  const cut = cutBytes(text, room - RESERVE)
  const end = cut.lastIndexOf('\n')
  return `${(end > 0 ? cut.slice(0, end) : cut).trimEnd()}\n\n…`
}

function fittingTitle(title: string): string {
  const characters = [...title]
  if (characters.length <= LONGEST_TITLE) return title
  // A word that fills the title has no better end than the last character that fits.
  return title.includes(' ') ? cutAtSpace(title, LONGEST_TITLE) : characters.slice(0, LONGEST_TITLE).join('')
}

function defaultTitle(applications: readonly DescribedApplication[]): string {
  const [first] = applications
  if (first !== undefined && applications.length === 1) {
    return inertText(`chore: update images for ${first.namespace}/${first.application}`)
  }
  return `chore: update images for ${applications.length} applications`
}
