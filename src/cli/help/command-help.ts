import { wrappedLines } from '../../lib/terminal/wrapped-lines.ts'
import { PROGRAM } from '../usage-error.ts'
import { type DescribedFlag, flagColumn, flagList } from './flag-help.ts'

/** What help tells of a command, as the manifest has it. */
export interface DescribedCommand {
  readonly id: string
  readonly summary?: string | undefined
  readonly description?: string | undefined
  readonly usage?: string | string[] | undefined
  readonly examples?: readonly Example[] | undefined
  readonly args: Readonly<Record<string, DescribedArgument>>
  readonly flags: Readonly<Record<string, DescribedFlag>>
}

interface Example {
  readonly command: string
  readonly description: string
}

interface DescribedArgument {
  readonly name: string
  readonly description?: string
  readonly options?: readonly string[]
}

/** The group of flags that every command has which asks a cluster, by kubectl's names and with its meanings. */
export const CONNECTION = 'CONNECTION'
/** Of those, what is so often wanted that each command shows it. */
const SHOWN_EVERYWHERE: ReadonlySet<string> = new Set(['all-namespaces', 'namespace'])
const UNCHANGED = ' (not given: stays as it is; empty: taken away)'
/** Groups of flags in the order of the help, the command's own first. */
const FLAG_GROUPS: readonly (readonly [group: string, title: string])[] = [
  ['', 'Flags'],
  ['RULE', `Rule Flags${UNCHANGED}`],
  ['GATES', `Gate Flags${UNCHANGED}`],
  ['WRITE-BACK', `Write-Back Flags${UNCHANGED}`],
  ['FILES', 'File Flags'],
  ['APPLYING', 'Apply Flags'],
  ['IN THE CLUSTER', 'Object Flags'],
  ['AFTER A WRITE', 'After-Write Flags'],
  ['TURNS', 'Lease Flags'],
  ['GIT', 'Git Flags'],
  ['OUTPUT', 'Output Flags'],
  ['REGISTRIES', 'Registry Flags'],
  [CONNECTION, 'Connection Flags'],
]
const ARGUMENT_COLUMN = 15

/** The connection flags: those of kubectl's that `options` lists. */
export function connectionOptions(commands: readonly DescribedCommand[]): DescribedFlag[] {
  const found = new Map<string, DescribedFlag>()
  for (const { flags } of commands) {
    for (const flag of Object.values(flags)) if (flag.helpGroup === CONNECTION) found.set(flag.name, flag)
  }
  return [...found.values()]
}

/**
 * Help in kubectl's manner: what it is, examples first, then the flags with their defaults, and how it is called.
 *
 * @param commands all there are: what every one of them takes is left to `options`
 * @param width columns
 */
export function commandHelp(
  command: DescribedCommand,
  commands: readonly DescribedCommand[],
  width: number,
): string {
  const { args, description, examples = [], flags, id, summary = '', usage = id } = command
  const options = connectionOptions(commands)
  const takesAll = options.every(({ name }) => Object.hasOwn(flags, name))
  const shown = Object.values(flags)
    .filter((flag) => !flag.hidden)
    .map((flag) => (takesAll && SHOWN_EVERYWHERE.has(flag.name) ? { ...flag, helpGroup: '' } : flag))
    .filter((flag) => !(takesAll && flag.helpGroup === CONNECTION))
  const column = flagColumn(shown)
  const groups = FLAG_GROUPS.flatMap(([group, title]) => {
    const own = shown.filter(({ helpGroup = '' }) => helpGroup === group)
    return own.length === 0 ? [] : [`${title}:\n${flagList(own, column, width)}`]
  })
  const hint = `Use "${PROGRAM} options" for a list of the connection flags, such as --kubeconfig and --as (every command with a cluster takes them).`
  return [
    summary,
    description && wrappedLines(description, width).join('\n'),
    `Examples:\n${examples.map(exampleLines).join('\n\n')}`,
    argumentLines(Object.values(args), width),
    ...groups,
    `Usage:\n  ${PROGRAM} ${usage}`,
    takesAll && wrappedLines(hint, width).join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n')
}

/** What `options` prints. */
export function optionsHelp(commands: readonly DescribedCommand[], width: number): string {
  const flags = connectionOptions(commands)
  const title = "These flags can be given to every command with a cluster. Names and meanings are kubectl's:"
  return `${wrappedLines(title, width).join('\n')}\n\n${flagList(flags, flagColumn(flags), width)}\n`
}

/** One that can be copied whole: never wrapped, no prompt in front. */
function exampleLines({ command, description }: Example): string {
  return `  # ${description}\n  ${command.replace('<%= config.bin %>', PROGRAM)}`
}

function argumentLines(args: readonly DescribedArgument[], width: number): string {
  if (args.length === 0) return ''
  const start = ' '.repeat(2 + ARGUMENT_COLUMN)
  const lines = args.map(({ description = '', name, options }) => {
    const text = options ? `${description}. One of: ${options.join(', ')}` : description
    const [first = '', ...rest] = wrappedLines(text, width - start.length)
    return [
      `  ${name.toUpperCase().padEnd(ARGUMENT_COLUMN)}${first}`,
      ...rest.map((line) => start + line),
    ].join('\n')
  })
  return `Arguments:\n${lines.join('\n')}`
}
