import { commandFirst, type FlagShapes, givenFlags } from '../arguments.ts'

/** A command as far as completion must know it; the command manifest has it. */
export interface CompletedCommand {
  readonly id: string
  readonly summary?: string | undefined
  readonly flags: Readonly<Record<string, CompletedFlag>>
  readonly args?: Readonly<Record<string, { readonly options?: readonly string[] | undefined }>>
}

export interface CompletedFlag {
  readonly type: 'boolean' | 'option'
  readonly char?: string
  readonly multiple?: boolean
  readonly allowNo?: boolean
  readonly description?: string
  readonly options?: readonly string[]
}

/** What stands before the cursor, and what the word at it is going to be. */
export interface CommandLine {
  /** undefined while it is still to be typed. */
  readonly command: CompletedCommand | undefined
  /** The values of every flag given so far; `true` for a bare switch. */
  readonly flags: ReadonlyMap<string, readonly string[]>
  /** Arguments that are complete. */
  readonly words: readonly string[]
  readonly wanted:
    | { readonly kind: 'flag'; readonly text: string }
    | { readonly kind: 'value'; readonly flag: string; readonly text: string }
    | { readonly kind: 'word'; readonly text: string }
}

/** @param words without the program; the last is the one at the cursor and may be empty */
export function readCommandLine(
  words: readonly string[],
  commands: readonly CompletedCommand[],
): CommandLine {
  const text = words.at(-1) ?? ''
  const every = Object.assign({}, ...commands.map(({ flags }) => flags)) as FlagShapes
  const ids = new Set(commands.map(({ id }) => id))
  const [first = '', ...others] = commandFirst(words.slice(0, -1), ids, every)
  const command = commands.find(({ id }) => id === first)
  const before = command ? others : words.slice(0, -1)
  const shapes = command?.flags ?? every
  const flags = new Map<string, readonly string[]>()
  const complete: string[] = []
  for (let index = 0; index < before.length; index += 1) {
    const word = before[index] ?? ''
    if (word === '--') {
      const after = [...complete, ...before.slice(index + 1)]
      return { command, flags, words: after, wanted: { kind: 'word', text } }
    }
    const given = givenFlags(word, shapes)
    if (given.length === 0 && !word.startsWith('-')) complete.push(word)
    for (const { name, value } of given) {
      if (value === undefined) index += 1
      if (index >= before.length)
        return { command, flags, words: complete, wanted: { kind: 'value', flag: name, text } }
      flags.set(name, [...(flags.get(name) ?? []), value ?? before[index] ?? ''])
    }
  }
  return { command, flags, words: complete, wanted: wantedAt(text, shapes) }
}

function wantedAt(text: string, flags: FlagShapes): CommandLine['wanted'] {
  if (!text.startsWith('-')) return { kind: 'word', text }
  const equals = text.indexOf('=')
  const flag = equals < 0 ? undefined : givenFlags(text, flags).at(-1)?.name
  if (flag === undefined) return { kind: 'flag', text }
  return { kind: 'value', flag, text: text.slice(equals + 1) }
}
