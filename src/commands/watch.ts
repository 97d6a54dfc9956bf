import { BaseCommand } from '../cli/base-command.ts'
import { watchFlags } from '../cli/watch/flags.ts'
import { watchInForeground } from '../cli/watch/foreground.ts'

export default class Watch extends BaseCommand {
  static override readonly summary = 'Poll in the foreground, and apply or ask, until Ctrl-C'
  static override readonly description =
    'Polls each image at its interval, shows what changes, and applies it or waits for your yes. On a terminal it is a live table with keys (? lists them); elsewhere, and with --plain, one line an event. What was written is followed until it is Synced and Healthy. Ctrl-C finishes the write in progress and prints a summary; a second Ctrl-C leaves at once.'
  static override readonly examples = [
    {
      command: '<%= config.bin %> watch',
      description:
        'Every Application with rules, in a live table; a approves, d shows the diff, ? lists all keys',
    },
    {
      command: '<%= config.bin %> watch shop --interval 30s --approve minor',
      description: 'Apply patch and minor versions unasked, ask about the rest',
    },
    {
      command: '<%= config.bin %> watch --context stage --context prod --read-only',
      description: 'Two clusters in one view, writing nothing',
    },
    {
      command: '<%= config.bin %> watch --approve minor --rollback-on-degraded --lease',
      description:
        'Unattended: take back what makes an Application Degraded, and take turns with other watches',
    },
    {
      command: '<%= config.bin %> watch --once --approve auto -o json',
      description: 'One poll, for a CI job',
    },
  ]
  static override readonly strict = false
  static override readonly usage = 'watch [APPLICATION...] [flags]'
  static override readonly flags = watchFlags

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(Watch)
    const { problems, summary } = await watchInForeground(argv as string[], flags)
    const failed = summary.failed > 0 || summary.images.some(({ state }) => state === 'failed')
    if (flags.once && (failed || summary.cycles === 0 || problems > 0)) process.exitCode = this.errorExitCode
  }
}
