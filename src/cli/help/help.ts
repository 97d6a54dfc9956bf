import { type Command, Help } from '@oclif/core'
import { PROGRAM } from '../usage-error.ts'
import { commandHelp, type DescribedCommand } from './command-help.ts'

/** The commands as a newcomer meets them: look, act, try. */
export const COMMAND_GROUPS: readonly (readonly [title: string, commands: readonly string[]])[] = [
  ['Basic Commands', ['list', 'tags', 'check', 'explain', 'history', 'lint', 'doctor']],
  [
    'Update Commands',
    ['update', 'watch', 'set', 'rollback', 'hold', 'resume', 'skip', 'annotate', 'migrate'],
  ],
  ['Cluster Commands', ['deploy']],
  ['Trial Commands', ['sandbox']],
  ['Other Commands', ['completion', 'options', 'version']],
]

/** Longer lines are hard to read. */
const WIDEST = 120

/** Columns that help may take. */
export function helpWidth(): number {
  return Math.min(process.stdout.columns || 80, WIDEST)
}

/** oclif finds the command; the text is our own. */
export class CliHelp extends Help {
  protected override async showRootHelp(): Promise<void> {
    this.log(rootHelp(this.config.pjson.description ?? '', this.config.commands))
  }

  override async showCommandHelp(command: Command.Loadable): Promise<void> {
    const commands = this.config.commands as unknown as DescribedCommand[]
    this.log(commandHelp(command as unknown as DescribedCommand, commands, helpWidth()))
  }
}

function rootHelp(
  description: string,
  commands: readonly Pick<Command.Loadable, 'id' | 'summary'>[],
): string {
  const width = Math.max(...commands.map(({ id }) => id.length))
  const summaries = new Map(commands.map(({ id, summary = '' }) => [id, summary]))
  const groups = COMMAND_GROUPS.map(([title, ids]) => {
    const lines = ids.map((id) => `  ${id.padEnd(width)}   ${summaries.get(id) ?? ''}`)
    return `${title}:\n${lines.join('\n')}\n`
  })
  return [
    `${description}\n`,
    'Examples:',
    '  # See the main job in half a minute, without a cluster',
    `  ${PROGRAM} sandbox --demo\n`,
    '  # What would change now, in the current context',
    `  ${PROGRAM} check\n`,
    '  # Poll, show and ask, until Ctrl-C',
    `  ${PROGRAM} watch\n`,
    ...groups,
    'Usage:',
    `  ${PROGRAM} COMMAND [flags]\n`,
    `Use "${PROGRAM} COMMAND --help" for what a command does, its flags and more examples.`,
    `Use "${PROGRAM} options" for a list of the connection flags (every command with a cluster takes them).`,
  ].join('\n')
}
