import { type Command, CommandHelp, Help } from '@oclif/core'
import { PROGRAM } from './usage-error.ts'

/** The commands as a newcomer meets them: look, act, try. */
export const COMMAND_GROUPS: readonly (readonly [title: string, commands: readonly string[]])[] = [
  ['Basic Commands', ['list', 'tags', 'check', 'explain', 'history', 'lint', 'doctor']],
  [
    'Update Commands',
    ['update', 'watch', 'set', 'rollback', 'hold', 'resume', 'skip', 'annotate', 'migrate'],
  ],
  ['Trial Commands', ['sandbox']],
  ['Other Commands', ['completion', 'version']],
]

/** Help in kubectl's manner: what it is, examples first, then the flags. */
export class CliHelp extends Help {
  protected override CommandHelpClass = KubectlLikeHelp

  protected override async showRootHelp(): Promise<void> {
    this.log(rootHelp(this.config.pjson.description ?? '', this.config.commands))
  }
}

class KubectlLikeHelp extends CommandHelp {
  protected override sections() {
    const order = ['DESCRIPTION', 'EXAMPLES', 'USAGE', 'ARGUMENTS', 'FLAGS']
    return super
      .sections()
      .filter(({ header }) => order.includes(header))
      .sort((a, b) => order.indexOf(a.header) - order.indexOf(b.header))
  }

  /** One that can be copied whole: never wrapped, no prompt in front. */
  protected override examples(examples: Command.Example[] | undefined): string | undefined {
    const shown = (examples ?? []).map((example) => {
      if (typeof example === 'string') return this.render(example)
      return `# ${example.description}\n${this.render(example.command)}`
    })
    return shown.length === 0 ? undefined : shown.join('\n\n')
  }

  /** Without the summary, which stands above everything. */
  protected override description(): string | undefined {
    const { description } = this.command
    return description === undefined ? undefined : this.wrap(description)
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
  ].join('\n')
}
