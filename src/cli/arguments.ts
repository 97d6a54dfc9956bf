import { UserError } from '../lib/errors.ts'
import { nearestWord } from '../lib/rules/nearest.ts'

/** What argument normalisation must know of a flag. */
export interface FlagShape {
  readonly type: 'boolean' | 'option'
  readonly char?: string
  readonly multiple?: boolean
}

/** The value a flag gets when it is written without one: pflag's NoOptDefVal. */
const BARE_VALUES: Readonly<Record<string, string>> = { 'dry-run': 'client' }

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True'])
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False'])

/** A flag or a command that cannot be understood. */
export class ArgumentError extends UserError {}

/**
 * Rewrites arguments so that oclif's parser treats them as kubectl's (pflag) does: `--flag=false` switches
 * a boolean off, a single-value flag given twice takes the last value, a flag with a bare value may stand
 * alone, and nothing after `--` is touched.
 *
 * @param argumentsGiven without the command name
 * @throws ArgumentError for a boolean flag with a value that is none
 */
export function likeKubectl(
  argumentsGiven: readonly string[],
  flags: Readonly<Record<string, FlagShape>>,
): string[] {
  const names = new Map(Object.keys(flags).map((name) => [`--${name}`, name]))
  for (const [name, flag] of Object.entries(flags)) if (flag.char) names.set(`-${flag.char}`, name)
  const result: (string | undefined)[] = []
  const placed = new Map<string, number>()
  for (let index = 0; index < argumentsGiven.length; index += 1) {
    const word = argumentsGiven[index] ?? ''
    if (word === '--') {
      result.push(...argumentsGiven.slice(index))
      break
    }
    const equals = word.startsWith('-') ? word.indexOf('=') : -1
    const name = names.get(equals < 0 ? word : word.slice(0, equals))
    const flag = name === undefined ? undefined : flags[name]
    if (name === undefined || flag === undefined) {
      result.push(word)
      continue
    }
    const given = equals < 0 ? undefined : word.slice(equals + 1)
    let rewritten: string | undefined
    if (flag.type === 'boolean') {
      if (given === undefined || TRUE.has(given)) rewritten = `--${name}`
      else if (!FALSE.has(given)) {
        throw new ArgumentError(
          `--${name} takes true or false, not "${given}"`,
          `Write --${name} alone to set it`,
        )
      }
    } else if (given !== undefined) rewritten = `--${name}=${given}`
    else if (BARE_VALUES[name] !== undefined) rewritten = `--${name}=${BARE_VALUES[name]}`
    else {
      index += 1
      const value = argumentsGiven[index]
      rewritten = value === undefined ? word : `--${name}=${value}`
    }
    const earlier = placed.get(name)
    if (earlier !== undefined && !flag.multiple) result[earlier] = undefined
    placed.set(name, result.length)
    result.push(rewritten)
  }
  return result.filter((word) => word !== undefined)
}

/**
 * Moves flags that stand before the command behind it (`-n shop check` → `check -n shop`), as kubectl
 * allows for its own commands.
 */
export function commandFirst(
  argumentsGiven: readonly string[],
  commands: ReadonlySet<string>,
  flags: Readonly<Record<string, FlagShape>>,
): string[] {
  const index = firstWord(argumentsGiven, flags)
  const word = argumentsGiven[index]
  if (word === undefined || !commands.has(word)) return [...argumentsGiven]
  return [word, ...argumentsGiven.slice(0, index), ...argumentsGiven.slice(index + 1)]
}

/** @throws ArgumentError when the first word that is no flag is no command either */
export function checkCommand(
  argumentsGiven: readonly string[],
  commands: ReadonlySet<string>,
  flags: Readonly<Record<string, FlagShape>>,
): void {
  const word = argumentsGiven[firstWord(argumentsGiven, flags)]
  if (word === undefined || word === 'help' || commands.has(word)) return
  const nearest = nearestWord(word, [...commands])
  throw new ArgumentError(
    `"${word}" is not a command`,
    nearest ? `Did you mean ${nearest}?` : 'See kubectl image-updater --help',
  )
}

/** Where the first word stands that is neither a flag nor a flag's value; -1 when there is none. */
function firstWord(argumentsGiven: readonly string[], flags: Readonly<Record<string, FlagShape>>): number {
  const takesValue = new Set<string>()
  for (const [name, flag] of Object.entries(flags)) {
    if (flag.type === 'boolean' || BARE_VALUES[name] !== undefined) continue
    takesValue.add(`--${name}`)
    if (flag.char) takesValue.add(`-${flag.char}`)
  }
  for (let index = 0; index < argumentsGiven.length; index += 1) {
    const word = argumentsGiven[index] ?? ''
    if (word === '--') break
    if (takesValue.has(word)) index += 1
    else if (!word.startsWith('-')) return index
  }
  return -1
}
