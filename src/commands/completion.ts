import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { SCRIPTS } from '../cli/completion/scripts.ts'

export default class Completion extends BaseCommand {
  static override readonly summary = 'Complete commands, flags and names with TAB'
  static override readonly description =
    'install writes the small program by which kubectl 1.26 and newer completes `kubectl image-updater`, next to the plugin; uninstall removes it. With the name of a shell it prints a script that completes kubectl-image_updater, the plugin by its own name.'
  static override readonly examples = [
    { command: '<%= config.bin %> completion install', description: 'Let kubectl complete this plugin' },
    {
      command: '<%= config.bin %> completion bash',
      description: 'The script for bash to source, for the plugin by its own name',
    },
  ]
  static override readonly usage = 'completion (bash | zsh | fish | powershell | install | uninstall) [flags]'
  static override readonly args = {
    what: Args.string({
      description: 'A shell, or what to do',
      options: ['bash', 'zsh', 'fish', 'powershell', 'install', 'uninstall'],
      required: true,
    }),
  }
  static override readonly flags = {
    dir: Flags.string({
      description: 'With install and uninstall: the folder (default: the one of PATH that has the plugin)',
      helpValue: 'FOLDER',
    }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Completion)
    const script = (SCRIPTS as Readonly<Record<string, string>>)[args.what]
    if (script !== undefined) return this.print(script)
    const { installCompletion, uninstallCompletion } = await import('../cli/completion/install.ts')
    this.print(await (args.what === 'install' ? installCompletion : uninstallCompletion)(flags.dir))
  }
}
