import { BaseCommand } from '../cli/base-command.ts'
import { type DescribedCommand, optionsHelp } from '../cli/help/command-help.ts'
import { helpWidth } from '../cli/help/help.ts'

export default class Options extends BaseCommand {
  static override readonly summary = 'List the connection flags, which every command with a cluster takes'
  static override readonly description =
    'They have the names and meanings that kubectl gives them, and may stand before or after the command.'
  static override readonly examples = [
    { command: '<%= config.bin %> options', description: 'The list' },
    {
      command: '<%= config.bin %> check --context stage --request-timeout 30s',
      description: 'Two of them in use',
    },
  ]
  static override readonly usage = 'options'
  static override readonly flags = {}

  async run(): Promise<void> {
    await this.parse(Options)
    this.print(optionsHelp(this.config.commands as unknown as DescribedCommand[], helpWidth()))
  }
}
