import { editDistance, nearestWord } from '../lib/nearest.ts'
import { printable } from '../lib/terminal/escape.ts'

/** How a person calls this program. */
export const PROGRAM = 'kubectl image-updater'

/**
 * A mistake on the command line as one line: what is wrong, what was probably meant, and where to look.
 *
 * @param error as oclif's parser throws it; undefined is returned for every other error
 * @param flags the names of the command's flags
 */
export function usageErrorLine(error: Error, command: string, flags: readonly string[]): string | undefined {
  if (!('oclif' in error || 'parse' in error)) return undefined
  return usageLine(problemOf(error, flags), command)
}

/** `error: <problem>. See 'kubectl image-updater <command> --help'` */
export function usageLine(problem: string, command = ''): string {
  return `error: ${printable(problem)}. See '${[PROGRAM, command, '--help'].filter(Boolean).join(' ')}'`
}

/**
 * ` (did you mean check?)`: the shortest word that begins like the text, else the nearest; '' when nothing is near.
 *
 * @param prefix of each word, in the answer only
 */
export function didYouMean(text: string, words: readonly string[], prefix = ''): string {
  const begun = words.filter((word) => isBegun(text, word))
  const [shortest] = begun.toSorted((a, b) => a.length - b.length)
  const meant = shortest ?? nearestWord(text, words)
  return meant === undefined ? '' : ` (did you mean ${prefix}${meant}?)`
}

function problemOf(error: Error, flags: readonly string[]): string {
  const unknown = 'flags' in error && Array.isArray(error.flags) ? String(error.flags[0]) : ''
  if (unknown !== '') {
    const [name = ''] = unknown.split('=', 1)
    return `unknown flag ${name}${meantFlag(name, [...flags, 'help'])}`
  }
  const [first] = 'args' in error && Array.isArray(error.args) ? (error.args as unknown[]) : []
  if (typeof first === 'string') return `unexpected argument ${JSON.stringify(first)}`
  if (isNamed(first)) return `the argument ${first.name.toUpperCase()} is missing`
  const lines = error.message.split('\n').map((line) => line.trim())
  const telling = lines.filter(
    (line) => line !== '' && !/^See more help|^The following errors? occurred/.test(line),
  )
  return inOwnWords(telling.map(withNearChoice).join(' '))
}

/** A flag with one dash may be a long one; one letter is near to nothing. */
function meantFlag(name: string, flags: readonly string[]): string {
  const bare = name.replace(/^-+/, '')
  if (name.startsWith('--')) return didYouMean(bare, flags, '--')
  return flags.includes(bare) ? ` (did you mean --${bare}?)` : ''
}

/** What oclif says of values that are missing or no numbers. */
function inOwnWords(text: string): string {
  const number =
    /^Parsing (--[\w-]+) Expected an integer (?:(greater|less) than or equal to (-?\d+) )?but received: (.*)$/s
  const [, flag, bound, limit, given] = number.exec(text) ?? []
  if (flag === undefined) return text.replace(/^Flag (--[\w-]+) expects a value$/, '$1 needs a value')
  if (bound === undefined) return `${flag}=${given} is not a whole number`
  return `${flag}=${given} is too ${bound === 'greater' ? 'small: the least is' : 'large: the most is'} ${limit}`
}

/** oclif's `Expected --color=alwys to be one of: auto, always, never`, with what was probably meant. */
function withNearChoice(line: string): string {
  const found = /^Expected (?:--[\w-]+=)?(.*) to be one of: (.*)$/.exec(line)
  const [, given = '', choices = ''] = found ?? []
  // Choices are short words: half of one changed is another word, not a slip.
  const near = choices
    .split(', ')
    .filter((choice) => isBegun(given, choice) || editDistance(given, choice) * 2 < given.length)
  return `${line}${didYouMean(given, near)}`
}

/** One letter begins too many words. */
function isBegun(text: string, word: string): boolean {
  return text.length > 1 && word.startsWith(text)
}

function isNamed(value: unknown): value is { name: string } {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string'
}
