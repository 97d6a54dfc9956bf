import './nameless-user.ts'
import type { Interfaces } from '@oclif/core'
import { commandFirst, type FlagShapes, givenFlags } from './arguments.ts'
import { commandTable } from './command-table.ts'
import type { Caller } from './completion/complete.ts'
import { OTHER_WORDS } from './other-words.ts'
import { PACKAGE, ROOT, readManifest } from './shipped.ts'
import { didYouMean, usageLine } from './usage-error.ts'

/** What shells call to complete a line: by the program that kubectl asks, and by our own scripts. */
const COMPLETERS: Readonly<Record<string, Caller>> = { __complete: 'kubectl', '__complete-own': 'own script' }

/**
 * Runs the CLI as a plugin of its own making, so that oclif searches no folders: one hand-made oclif plugin
 * holds the command table and the manifest made at build time.
 *
 * @param argumentsGiven process.argv without the interpreter and the script
 */
export async function standalone(argumentsGiven: readonly string[]): Promise<void> {
  const caller = COMPLETERS[argumentsGiven[0] ?? '']
  if (caller) {
    // A shell waits for this at every TAB: nothing is loaded that it does not need.
    ignoreClosedOutput()
    const { complete } = await import('./completion/complete.ts')
    return complete(argumentsGiven.slice(1), Object.values(readManifest().commands), caller)
  }
  const { Config, execute } = await import('@oclif/core')
  ignoreClosedOutput()
  const { name, version } = PACKAGE
  const plugin: Record<string, unknown> = {
    _base: '',
    alias: name,
    commandsDir: undefined,
    hasManifest: true,
    hooks: {},
    isRoot: true,
    load: async () => {},
    moduleType: 'module',
    name,
    options: { isRoot: true, root: ROOT },
    pjson: PACKAGE,
    root: ROOT,
    tag: undefined,
    topics: [],
    type: 'core',
    valid: true,
    version,
  }
  const findCommand = async (id: string) => {
    const command = (await commandTable[id]?.())?.default
    return command ? Object.assign(command, { id, plugin }) : undefined
  }
  const cached = Object.values(readManifest().commands)
  const commands = cached.map((command) => ({
    ...command,
    load: () => findCommand(command.id),
    pluginAlias: name,
    pluginName: name,
    pluginType: 'core',
  }))
  Object.assign(plugin, { commandIDs: commands.map(({ id }) => id), commands, findCommand })
  const flags = Object.assign({}, ...cached.map((command) => command.flags)) as FlagShapes
  const ids = commands.map(({ id }) => id)
  const loadOptions = { plugins: new Map([[name, plugin as unknown as Interfaces.Plugin]]), root: ROOT }
  const args = helpAsFlag(commandFirst(argumentsGiven, new Set(ids), flags))
  const [first] = args
  if (first !== undefined && !first.startsWith('-') && !ids.includes(first)) {
    const meant = OTHER_WORDS.get(first)
    refuse(`unknown command ${JSON.stringify(first)}${didYouMean(meant ?? first, ids)}`)
  } else if (first === undefined || asksForHelp(args, flags)) {
    const { CliHelp } = await import('./help/help.ts')
    const subject = ids.includes(first ?? '') ? [first as string] : []
    await new CliHelp(await Config.load(loadOptions)).showHelp(subject)
  } else if (first.startsWith('-') && first !== '--version') {
    const meant = args.length === 1 ? didYouMean(first, ['--help', '--version']) : ''
    refuse(`no command is given, only ${args.join(' ')}${meant}`)
  } else {
    await execute({ args, loadOptions })
  }
}

/** `help tags` as `tags --help`. */
function helpAsFlag(args: readonly string[]): string[] {
  return args[0] === 'help' ? [...args.slice(1), '--help'] : [...args]
}

/** `--help`, `--help=true`, `-h`, also joined with other letters: `-Ah`. */
function asksForHelp(args: readonly string[], flags: FlagShapes): boolean {
  const end = args.indexOf('--')
  const known: FlagShapes = { ...flags, help: { char: 'h', type: 'boolean' } }
  return args
    .slice(0, end < 0 ? args.length : end)
    .flatMap((word) => givenFlags(word, known))
    .some(({ name, value }) => name === 'help' && value === 'true')
}

function refuse(problem: string): void {
  process.stderr.write(`${usageLine(problem)}\n`)
  process.exitCode = 1
}

/** What shells say of a program that SIGPIPE ended, as it ends kubectl: 128 and the number of the signal. */
const CLOSED_PIPE = 141

/**
 * `| head` closes our output early: that is the reader's choice, and nothing is said of it. Nor is a terminal that went away
 * (EIO): of that SIGHUP tells, and whoever sees to it has a write to finish first.
 */
function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    // oclif's own listener would throw what is let pass here.
    stream.removeAllListeners('error')
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(CLOSED_PIPE)
      if (error.code === 'EIO') return
      throw error
    })
  }
}
