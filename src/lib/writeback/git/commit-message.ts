import type { GoTemplate } from '../../gotemplate/template.ts'
import { GoTemplateError } from '../../gotemplate/template-error.ts'
import { defaultMessage } from './default-message.ts'
import type { DescribedApplication } from './described-change.ts'
import { joinMessages } from './join-messages.ts'
import { messageData } from './message-data.ts'
import { cleanLine, cleanText } from './outside-text.ts'
import { partOwnTrailers } from './own-trailers.ts'
import { splitCommitMessage } from './split-message.ts'
import { cutAtSpace, fittingSubject, LONGEST_SUBJECT } from './subject.ts'
import { changeTrailers } from './trailers.ts'

/** Characters of a message without its trailers. */
const LONGEST_BODY = 32 * 1024

export interface CommitMessage {
  /** Subject, body and trailers, ending with one line feed; for `git commit --cleanup=verbatim -F -`. */
  readonly text: string
  /** At most 72 characters. */
  readonly subject: string
  /** Without the trailers, '' where there is nothing to say. */
  readonly body: string
  readonly trailers: readonly string[]
  /** Why the template was not used and a plain text stands in its place; must be shown. */
  readonly problem?: GoTemplateError
}

/**
 * The message of one commit for all its Applications.
 *
 * A template that asks for `.Applications` is rendered once. Any other was written for one Application, so it
 * is rendered for each, and the texts are joined.
 *
 * @param template from `readCommitTemplate`; without one, a text that names what changes
 */
export function commitMessage(
  applications: readonly DescribedApplication[],
  template?: GoTemplate,
): CommitMessage {
  const { text: written, trailers: own, problem } = writtenMessage(applications, template, cleanLine)
  const { headline, body: rest } = splitCommitMessage(written)
  const subject = fittingSubject([headline])
  const whole = subject === headline ? rest : `${headline}\n\n${rest}`
  const body = withoutDividers(shortened(whole.trim()))
  const trailers = [...own, ...changeTrailers(applications)]
  const parts = [subject, body, trailers.join('\n')].filter((part) => part !== '')
  return { text: `${parts.join('\n\n')}\n`, subject, body, trailers, ...(problem && { problem }) }
}

interface WrittenMessage {
  readonly text: string
  /** Those that the template ends with, each once. */
  readonly trailers: readonly string[]
  readonly problem?: GoTemplateError
}

/**
 * The text as the template, or the default, says it, with a first line of any length.
 *
 * @param clean makes a value from outside safe for where the text goes
 */
export function writtenMessage(
  applications: readonly DescribedApplication[],
  template: GoTemplate | undefined,
  clean: (value: string) => string,
): WrittenMessage {
  if (template === undefined) return { text: cleanText(defaultMessage(applications)), trailers: [] }
  const groups = template.mentions('Applications') ? [applications] : applications.map((item) => [item])
  try {
    const parts = groups.map((group) => {
      return partOwnTrailers(cleanText(template.render(messageData(group, clean))), template.text)
    })
    return {
      text: joinMessages(parts.map(({ text }) => text)),
      trailers: [...new Set(parts.flatMap(({ trailers }) => trailers))],
    }
  } catch (error) {
    if (!(error instanceof GoTemplateError)) throw error
    return { text: joinMessages(applications.map(plainText)), trailers: [], problem: error }
  }
}

/** What argocd-image-updater writes when a template fails; here with the reason beside it. */
function plainText({ application }: DescribedApplication): string {
  return `build: update of application ${cleanLine(application)}`
}

/** git-am and git-interpret-trailers take a line that begins with three dashes for the end of the message. */
function withoutDividers(text: string): string {
  return text.replace(/^---(?=\s|$)/gm, ' ---')
}

function shortened(text: string): string {
  if (text.length <= LONGEST_BODY) return text
  const lines = text.split('\n')
  const kept: string[] = []
  let room = LONGEST_BODY
  for (const line of lines) {
    room -= line.length + 1
    if (room < 0) break
    kept.push(line)
  }
  if (kept.length === 0) return cutAtSpace(text, LONGEST_SUBJECT)
  return `${kept.join('\n')}\n\n(${lines.length - kept.length} more lines)`
}
