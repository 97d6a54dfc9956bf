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

/** ` (did you mean check?)`, '' when nothing is near. */
export function didYouMean(text: string, words: readonly string[]): string {
  const nearest = nearestWord(text, words)
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`
}

function problemOf(error: Error, flags: readonly string[]): string {
  const unknown = 'flags' in error && Array.isArray(error.flags) ? String(error.flags[0]) : ''
  if (unknown !== '') {
    const [name = ''] = unknown.split('=', 1)
    const meant = unknown.startsWith('--')
      ? didYouMean(
          name,
          [...flags, 'help'].map((flag) => `--${flag}`),
        )
      : ''
    return `unknown flag ${name}${meant}`
  }
  const [first] = 'args' in error && Array.isArray(error.args) ? (error.args as unknown[]) : []
  if (typeof first === 'string') return `unexpected argument ${JSON.stringify(first)}`
  if (isNamed(first)) return `the argument ${first.name.toUpperCase()} is missing`
  const lines = error.message.split('\n').map((line) => line.trim())
  const telling = lines.filter(
    (line) => line !== '' && !/^See more help|^The following errors? occurred/.test(line),
  )
  return telling.map(withNearChoice).join(' ')
}

/** oclif's `Expected --color=alwys to be one of: auto, always, never`, with what was probably meant. */
function withNearChoice(line: string): string {
  const found = /^Expected (?:--[\w-]+=)?(.*) to be one of: (.*)$/.exec(line)
  const [, given = '', choices = ''] = found ?? []
  // Choices are short words: half of one changed is another word, not a slip.
  const near = choices.split(', ').filter((choice) => editDistance(given, choice) * 2 < given.length)
  return `${line}${didYouMean(given, near)}`
}

function isNamed(value: unknown): value is { name: string } {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string'
}
