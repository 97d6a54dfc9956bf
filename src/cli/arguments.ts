import { UserError } from '../lib/errors.ts'

/** What argument normalisation must know of a flag. */
export interface FlagShape {
  readonly type: 'boolean' | 'option'
  readonly char?: string
  readonly multiple?: boolean
  /** A boolean that also has a `--no-…` form. */
  readonly allowNo?: boolean
}

export type FlagShapes = Readonly<Record<string, FlagShape>>

/** A flag whose value cannot be read. */
export class FlagValueError extends UserError {}

/** A flag as a word gives it; without value where the next word is the value. */
interface GivenFlag {
  readonly name: string
  readonly value: string | undefined
}

/** The value a flag gets when it is written without one: pflag's NoOptDefVal. */
const BARE_VALUES: Readonly<Record<string, string>> = { 'dry-run': 'client', lease: '', wait: '5m' }
const DURATION = /^\d+(?:\.\d+)?(?:ms|s|m|h)(?:\d+(?:\.\d+)?(?:ms|s|m|h))*$/

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True'])
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False'])

/**
 * Rewrites arguments so that oclif's parser treats them as kubectl's (pflag) does: `--flag=false` switches
 * a boolean off, short flags may be joined (`-An shop`), a single-value flag given twice takes the last
 * value, a flag with a bare value may stand alone, and nothing after `--` is touched.
 *
 * @param argumentsGiven without the command name
 * @throws FlagValueError when a boolean flag is given something else, or `--wait` a duration as the next word
 */
export function likeKubectl(argumentsGiven: readonly string[], flags: FlagShapes): string[] {
  const result: (string | undefined)[] = []
  const placed = new Map<string, number>()
  for (let index = 0; index < argumentsGiven.length; index += 1) {
    const word = argumentsGiven[index] ?? ''
    if (word === '--') {
      result.push(...argumentsGiven.slice(index))
      break
    }
    const given = givenFlags(word, flags)
    if (given.length === 0) result.push(word)
    else if (word === '--wait') refuseDuration(argumentsGiven[index + 1] ?? '')
    for (const { name, value } of given) {
      if (value === undefined) index += 1
      const text = value ?? argumentsGiven[index]
      const earlier = placed.get(name)
      if (earlier !== undefined && !flags[name]?.multiple) result[earlier] = undefined
      placed.set(name, result.length)
      result.push(rewritten(name, text, flags[name]))
    }
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
  flags: FlagShapes,
): string[] {
  for (let index = 0; index < argumentsGiven.length; index += 1) {
    const word = argumentsGiven[index] ?? ''
    if (word === '--') break
    if (word.startsWith('-')) {
      if (givenFlags(word, flags).at(-1)?.value === undefined && givenFlags(word, flags).length > 0)
        index += 1
      continue
    }
    if (!commands.has(word)) break
    return [word, ...argumentsGiven.slice(0, index), ...argumentsGiven.slice(index + 1)]
  }
  return [...argumentsGiven]
}

/** The flags that a word gives, none when it gives none that is known. */
export function givenFlags(word: string, flags: FlagShapes): readonly GivenFlag[] {
  if (word.startsWith('--')) return longFlag(word.slice(2), flags)
  return word.startsWith('-') ? shortFlags(word.slice(1), flags) : []
}

function longFlag(text: string, flags: FlagShapes): readonly GivenFlag[] {
  const equals = text.indexOf('=')
  const name = equals < 0 ? text : text.slice(0, equals)
  if (Object.hasOwn(flags, name)) {
    return [{ name, value: equals < 0 ? bareValue(name, flags) : text.slice(equals + 1) }]
  }
  const positive = name.replace(/^no-/, '')
  const negated =
    equals < 0 && positive !== name && Object.hasOwn(flags, positive) && flags[positive]?.allowNo
  return negated ? [{ name: positive, value: 'false' }] : []
}

/** `-n=x`, `-nx`, `-n` and a word after it, `-A`, `-Anx`: pflag's reading of joined letters. */
function shortFlags(letters: string, flags: FlagShapes): readonly GivenFlag[] {
  const given: GivenFlag[] = []
  for (let rest = letters; rest !== ''; ) {
    const found = Object.entries(flags).find(([, { char }]) => char === rest[0])
    if (!found) return []
    const [name] = found
    rest = rest.slice(1)
    const bare = bareValue(name, flags)
    if (rest.startsWith('=')) return [...given, { name, value: rest.slice(1) }]
    if (bare === undefined) return [...given, { name, value: rest === '' ? undefined : rest }]
    given.push({ name, value: bare })
  }
  return given
}

function bareValue(name: string, flags: FlagShapes): string | undefined {
  return flags[name]?.type === 'boolean' ? 'true' : BARE_VALUES[name]
}

/** To pflag it would be an Application of that name, which nobody means. */
function refuseDuration(next: string): void {
  if (!DURATION.test(next)) return
  throw new FlagValueError(
    `--wait takes its duration after "=", and ${next} is a word apart`,
    `Write --wait=${next}`,
  )
}

function rewritten(name: string, text: string | undefined, flag: FlagShape | undefined): string | undefined {
  // Left to oclif, which says that a value is missing.
  if (text === undefined) return `--${name}`
  if (flag?.type !== 'boolean') return `--${name}=${text}`
  if (TRUE.has(text)) return `--${name}`
  if (FALSE.has(text)) return flag.allowNo ? `--no-${name}` : undefined
  throw new FlagValueError(
    `--${name}=${text} is neither true nor false`,
    `Write --${name} or --${name}=false`,
  )
}
