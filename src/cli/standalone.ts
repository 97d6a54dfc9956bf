import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Command, execute, type Interfaces } from '@oclif/core'
import { errorLine } from '../lib/terminal/error-line.ts'
import { ArgumentError, checkCommand, commandFirst, type FlagShape } from './arguments.ts'
import { commandTable } from './command-table.ts'

type Manifest = { readonly commands: Readonly<Record<string, Command.Cached>> }

/**
 * Runs the CLI as a plugin of its own making, so that oclif searches no folders: one hand-made oclif plugin
 * holds the command table and the manifest made at build time.
 *
 * @param argumentsGiven process.argv without the interpreter and the script
 */
export async function standalone(argumentsGiven: readonly string[]): Promise<void> {
  ignoreClosedPipes()
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const packageJson = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const name: string = packageJson.name
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
    options: { isRoot: true, root },
    pjson: packageJson,
    root,
    tag: undefined,
    topics: [],
    type: 'core',
    valid: true,
    version: packageJson.version,
  }
  const findCommand = async (id: string) => {
    const command = (await commandTable[id]?.())?.default
    return command ? Object.assign(command, { id, plugin }) : undefined
  }
  const manifest = JSON.parse(readFileSync(new URL('../manifest.json', import.meta.url), 'utf8')) as Manifest
  const cached = Object.values(manifest.commands)
  const commands = cached.map((command) => ({
    ...command,
    load: () => findCommand(command.id),
    pluginAlias: name,
    pluginName: name,
    pluginType: 'core',
  }))
  Object.assign(plugin, { commandIDs: commands.map(({ id }) => id), commands, findCommand })
  const flags = Object.assign({}, ...cached.map((command) => command.flags)) as Record<string, FlagShape>
  const names = new Set(commands.map(({ id }) => id))
  try {
    checkCommand(argumentsGiven, names, flags)
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error
    process.stderr.write(`${errorLine(error)}\n`)
    process.exitCode = 1
    return
  }
  await execute({
    args: commandFirst(argumentsGiven, names, flags),
    loadOptions: { plugins: new Map([[name, plugin as unknown as Interfaces.Plugin]]), root },
  })
}

/** `| head` closes our output early: that is the reader's choice, not an error. */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
      throw error
    })
  }
}
