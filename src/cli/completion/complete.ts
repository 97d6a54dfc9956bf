import { type Answer, answerText, type Candidate, DIRECTIVE, NOTHING, namesOf } from './answer.ts'
import { type CompletedCommand, readCommandLine } from './command-line.ts'
import { flagCandidates } from './flag-candidates.ts'
import { ARGUMENTS, FLAG_VALUES, IN_ORDER, type NamedSource, type Source } from './table.ts'

/** How long a cluster may take, milliseconds. */
const LONGEST_QUESTION = 2500
/** How long a shell waits at most, milliseconds; then there is nothing to offer. */
const LONGEST_WAIT = 3000
const ENDINGS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const

/** By whose script a shell asks. */
export type Caller = 'kubectl' | 'own script'

/**
 * Prints what can stand at the cursor, and ends the process. Whatever fails, fails in silence: a shell shows what
 * is written here in the middle of the line that somebody types.
 */
export async function complete(
  words: readonly string[],
  commands: readonly CompletedCommand[],
  caller: Caller,
): Promise<void> {
  const stop = new AbortController()
  setTimeout(() => stop.abort(), LONGEST_QUESTION)
  const late = new Promise<Answer>((resolve) => setTimeout(() => resolve(NOTHING), LONGEST_WAIT))
  for (const ending of ENDINGS) process.once(ending, () => stop.abort())
  const found = isGarbled(words.at(-1) ?? '', caller)
    ? NOTHING
    : completed(words, commands, stop.signal).catch(() => NOTHING)
  const answer = await Promise.race([found, late])
  // A credential plugin that still runs ends with us.
  stop.abort()
  // A connection, or what else a hanging server leaves open, must not keep the shell waiting.
  process.stdout.write(answerText(answer), () => process.exit(0))
}

/**
 * kubectl's scripts for zsh and fish take what is between a dash and a `=` for a flag, wherever it stands, and would
 * make `-web=my-web=1.0` of `my-web=`. Whose script it is can only be told from the operator's shell.
 */
function isGarbled(word: string, caller: Caller): boolean {
  return (
    caller === 'kubectl' && /\/(?:zsh|fish)$/.test(process.env['SHELL'] ?? '') && /^[^-].*-.*=/.test(word)
  )
}

/**
 * The answer for a command line; the last word is the one at the cursor. Behind `--output=` it is the values alone,
 * as cobra has it: what kubectl writes for shells puts the flag before them. @throws whatever a source does
 */
export async function completed(
  words: readonly string[],
  commands: readonly CompletedCommand[],
  signal: AbortSignal,
): Promise<Answer> {
  const line = readCommandLine(words, commands)
  const { command, wanted } = line
  if (wanted.kind === 'flag') return listed(flagCandidates(line, wanted.text), wanted.text)
  if (wanted.kind === 'value') {
    const own = command?.flags[wanted.flag]?.options ?? FLAG_VALUES[`${command?.id} ${wanted.flag}`]
    const source = own ?? FLAG_VALUES[wanted.flag]
    return fromSource(source, wanted.text)
  }
  if (command) return fromSource(argumentSource(), wanted.text)
  if (line.words.length > 0 && line.words[0] !== 'help') return NOTHING
  return fromSource(line.words.length < 2 ? 'command' : undefined, wanted.text)

  function argumentSource(): Source | undefined {
    if (!command) return undefined
    const { first, more } = ARGUMENTS[command.id] ?? { first: [] }
    const own = Object.values(command.args ?? {})[line.words.length]?.options
    return own ?? first[line.words.length] ?? more
  }

  async function fromSource(source: Source | undefined, text: string): Promise<Answer> {
    if (source === undefined) return NOTHING
    if (source === 'file') return { candidates: [], directive: DIRECTIVE.default }
    if (source === 'folder') return { candidates: [], directive: DIRECTIVE.folders }
    if (source === 'command') return listed(commandCandidates(commands), text)
    const found = typeof source === 'string' ? await named(source, text) : namesOf(source)
    const left = found.filter(({ value }) => wanted.kind !== 'word' || !isGiven(value, line.words))
    const { candidates, directive } = listed(left, text)
    return { candidates, directive: directive | (IN_ORDER.has(source) ? DIRECTIVE.keepOrder : 0) }
  }

  async function named(source: NamedSource, text: string): Promise<Candidate[]> {
    const { sourceCandidates } = await import('./word-source.ts')
    return sourceCandidates(source, line, text, signal)
  }
}

/** `web=` is given by `web=1.0`, too. */
function isGiven(value: string, words: readonly string[]): boolean {
  return words.some((word) => word === value || (value.endsWith('=') && word.startsWith(value)))
}

function commandCandidates(commands: readonly CompletedCommand[]): Candidate[] {
  return commands.map(({ id, summary }) => ({ value: id, description: summary }))
}

function listed(found: readonly Candidate[], text: string): Answer {
  const candidates = found.filter(({ value }) => value.startsWith(text))
  const open = candidates.length > 0 && candidates.every(({ value }) => /[=:]$/.test(value))
  return { candidates, directive: DIRECTIVE.noFiles | (open ? DIRECTIVE.noSpace : 0) }
}
