import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { outputFlags } from '../cli/flags/shared.ts'
import { sandboxInForeground } from '../cli/sandbox/foreground.ts'

export default class Sandbox extends BaseCommand {
  static override readonly summary = 'Start a trial world on this machine, without a cluster'
  static override readonly description =
    'An embedded API server with Argo CD Applications, and an embedded image registry whose production tag moves. Prints the KUBECONFIG to export; kubectl and every command of this plugin work on it until Ctrl-C. With --demo it runs `watch` on it and ends by itself.'
  static override readonly examples = [
    {
      command: '<%= config.bin %> sandbox',
      description: 'Start it, and follow what it prints in a second terminal',
    },
    { command: '<%= config.bin %> sandbox --demo', description: 'See the main job in half a minute' },
  ]
  static override readonly usage = 'sandbox [flags]'
  static override readonly flags = {
    demo: Flags.boolean({ description: 'Run watch on it: a tag moves, the Application follows; then end' }),
    keep: Flags.boolean({ description: 'With --demo: go on until Ctrl-C', dependsOn: ['demo'] }),
    'push-interval': Flags.string({
      description: 'How often "CI" pushes a new production tag, 0 for never',
      default: '1m',
    }),
    'api-port': Flags.integer({
      description: 'Port of the API server, 0 for a free one',
      default: 0,
      min: 0,
      max: 65535,
    }),
    'registry-port': Flags.integer({
      description: 'Port of the registry, 0 for a free one',
      default: 0,
      min: 0,
      max: 65535,
    }),
    directory: Flags.string({
      description: 'Folder for the kubeconfig (default: a temporary one)',
      helpValue: 'FOLDER',
    }),
    color: outputFlags.color,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Sandbox)
    await sandboxInForeground(flags)
  }
}
