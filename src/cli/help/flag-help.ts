import { wrappedLines } from '../../lib/terminal/wrapped-lines.ts'

/** What help tells of a flag, as the command manifest has it. */
export interface DescribedFlag {
  readonly name: string
  readonly type: 'boolean' | 'option'
  readonly char?: string
  /** Ends with `(default: …)` where the default is decided when the command runs. */
  readonly description?: string
  readonly default?: unknown
  readonly options?: readonly string[]
  readonly multiple?: boolean
  /** A boolean that also has a `--no-…` form. */
  readonly allowNo?: boolean
  /** Stands for the value where that has no constant default. */
  readonly helpValue?: string | readonly string[]
  readonly helpGroup?: string
  /** Known only to be refused. */
  readonly hidden?: boolean
}

const INDENT = 2
const GAP = 2
/** Columns that flags may take; the text of a longer one begins on the next line. */
const WIDEST = 36
const DECIDED_LATER = /^(.*) (\(default: .*\))$/s

/**
 * A flag with its default in place of the value, as kubectl shows it: `-l, --selector=''`. Where the default is decided
 * when the command runs, a word in capitals stands there, and the text says how: `-n, --namespace=NAME`.
 */
export function flagNotation(flag: DescribedFlag): string {
  return `${flag.char ? `-${flag.char}, ` : ''}${longNotation(flag)}`
}

/** What it does, which values there are, and what decides where the default is none that could be written. */
export function flagMeaning({ description = '', options }: DescribedFlag): string {
  const [, meaning = description, decided = ''] = DECIDED_LATER.exec(description) ?? []
  const choice = options ? `. One of: ${options.join(', ')}` : ''
  return `${meaning}${choice}${decided && ` ${decided}`}`
}

/** The columns that the flags take for themselves. */
export function flagColumn(flags: readonly DescribedFlag[]): number {
  return Math.max(0, ...flags.map((flag) => inColumn(flag).length).filter((length) => length <= WIDEST))
}

/** Flags in alphabetical order, one below the other. */
export function flagList(flags: readonly DescribedFlag[], column: number, width: number): string {
  const start = INDENT + column + GAP
  return flags
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((flag) => {
      const notation = `${' '.repeat(INDENT)}${inColumn(flag)}`
      const lines = wrappedLines(flagMeaning(flag), width - start)
      const [first = '', ...rest] = notation.length + GAP > start ? ['', ...lines] : lines
      return [
        `${notation.padEnd(start)}${first}`.trimEnd(),
        ...rest.map((line) => `${' '.repeat(start)}${line}`),
      ]
    })
    .join('\n')
}

function inColumn(flag: DescribedFlag): string {
  return `${flag.char ? '' : '    '}${flagNotation(flag)}`
}

function longNotation({ name, type, allowNo, multiple, default: preset, helpValue }: DescribedFlag): string {
  if (type === 'boolean' && allowNo && preset === undefined) return `--[no-]${name}`
  if (helpValue !== undefined) return `--${name}=${helpValue}`
  if (type === 'boolean') return `--${name}=${preset === true}`
  if (multiple) return `--${name}=[]`
  return `--${name}=${preset === undefined || preset === '' ? "''" : String(preset)}`
}
