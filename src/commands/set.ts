import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { setDialogue } from '../cli/choice/set-dialogue.ts'
import { holdFlags } from '../cli/flags/hold.ts'
import {
  connectionFlags,
  dryRunFlag,
  formatFlags,
  outputFlags,
  registryFlags,
  waitFlags,
} from '../cli/flags/shared.ts'
import { openSession } from '../cli/session/session.ts'

// biome-ignore lint/suspicious/noShadowRestrictedNames: a command's class is called as it is typed
export default class Set extends BaseCommand {
  static override readonly summary = 'Put a chosen tag into an Application, and hold it'
  static override readonly description =
    'Makes sure that the tag exists (and names the digest, where one is given), shows the diff, asks, and writes the image, its hold and who did it in one patch. A lower version may be chosen too.'
  static override readonly examples = [
    { command: '<%= config.bin %> set shop web=1.4.2', description: 'One image; it stays until resumed' },
    {
      command: "<%= config.bin %> set shop web=1.4.2 --for 24h --reason 'bug in 1.5'",
      description: 'For a day, with a reason for colleagues',
    },
    {
      command: '<%= config.bin %> set shop web=1.5.0 api=2.1.0 --no-hold --yes',
      description: 'Two images at once, which may be updated again',
    },
  ]
  static override readonly strict = false
  static override readonly usage = 'set APPLICATION ALIAS=TAG[@DIGEST]... [flags]'
  static override readonly flags = {
    hold: Flags.boolean({
      description: 'Hold what was set; --no-hold leaves it to the next update',
      allowNo: true,
      default: true,
    }),
    ...holdFlags,
    yes: Flags.boolean({ char: 'y', description: 'Write without asking' }),
    'dry-run': dryRunFlag,
    ...waitFlags,
    ...registryFlags,
    ...formatFlags,
    color: outputFlags.color,
    ...connectionFlags,
  }

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(Set)
    const session = await openSession(flags)
    try {
      const settled = await setDialogue(session, argv as string[], flags)
      if (!settled) process.exitCode = this.errorExitCode
    } finally {
      await session.close()
    }
  }
}
