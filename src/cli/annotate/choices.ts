import { amount } from '../../lib/amount.ts'
import { UserError } from '../../lib/errors.ts'
import type { Candidate } from '../../lib/policy/candidate.ts'
import { type ChoiceSettings, previewChoice } from '../../lib/policy/preview.ts'
import { printable, printableLines } from '../../lib/terminal/escape.ts'

/** Where every question is written: standard output is for answers. */
export const OUTPUT = { output: process.stderr }
const SHOWN_TAGS = 10
/** How an empty answer is shown. */
const NONE = 'none'

/** What questions about tags look at. */
export interface TagsAtHand {
  /** Undefined where they are not known: then nothing is counted. */
  readonly tags: readonly Candidate[] | undefined
  /** The tag that runs, '' where none does. */
  readonly running: string
}

/** A question whose answer decides between tags. */
export interface TagQuestion {
  readonly message: string
  /** Everything that decides, with this answer; may throw a UserError. */
  settings(answer: string): ChoiceSettings
  /** What can be chosen without typing, the likeliest first. */
  readonly offered: readonly OfferedAnswer[]
}

export interface OfferedAnswer {
  readonly text: string
  /** Why one might want it. */
  readonly meaning: string
}

/**
 * Asks for a text. Below it stands, with every key anew, how many tags the answer leaves and which would be
 * chosen; what cannot be read is said there and cannot be answered.
 */
export async function askWithTags(question: TagQuestion, atHand: TagsAtHand): Promise<string> {
  const { chooseWhileTyping } = await import('./choose-while-typing.ts')
  return chooseWhileTyping(
    {
      message: question.message,
      choicesFor: (typed) => {
        const offered = typed === '' || typed === NONE ? question.offered : [{ text: typed, meaning: '' }]
        return offered.map((answer) => choiceOf(question, answer, atHand))
      },
    },
    OUTPUT,
  )
}

/** Its name is the answer as one would type it, since Tab takes it over for editing. */
function choiceOf(question: TagQuestion, { text, meaning }: OfferedAnswer, atHand: TagsAtHand) {
  const name = printable(text) || NONE
  try {
    const lines = [meaning, consequences(question.settings(text), atHand)].filter((line) => line !== '')
    return { name, value: text, ...(lines.length > 0 && { description: printableLines(lines.join('\n')) }) }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { disabled: `(${printable(error.message)})`, name, value: text }
  }
}

/** `2 of 4 tags match, 1.1.0 wins: 1.1.0, 1.0.0`; '' where the tags are not known. */
function consequences(settings: ChoiceSettings, { tags, running }: TagsAtHand): string {
  const { left, winner, needsDates } = previewChoice(settings, tags ?? [], running, new Date())
  if (tags === undefined) return ''
  const match = left.length === 1 ? 'matches' : 'match'
  const wins = needsDates ? ', the one pushed last wins' : winner === undefined ? '' : `, ${winner} wins`
  const more = left.length - SHOWN_TAGS
  const shown = [...left.slice(0, SHOWN_TAGS), ...(more > 0 ? [`… ${more} more`] : [])].join(', ')
  return `${left.length} of ${amount(tags.length, 'tag')} ${match}${wins}${shown && `: ${shown}`}`
}

/** For `validate` of a question: true, or what is wrong in one line. */
export function problemOf(read: () => unknown): string | true {
  try {
    read()
    return true
  } catch (error) {
    if (error instanceof UserError) return printable(error.message)
    throw error
  }
}
