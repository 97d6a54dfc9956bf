import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { rollbackDialogue } from '../cli/choice/rollback-dialogue.ts'
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

export default class Rollback extends BaseCommand {
  static override readonly summary = 'Go back to an earlier image, and hold it'
  static override readonly description =
    'Takes the image before the current one, or that of a change which `history` shows, makes sure that it still exists, shows the diff, asks, and writes the image, its hold and who did it in one patch. Without the hold, the next update would undo it.'
  static override readonly examples = [
    { command: '<%= config.bin %> rollback shop web', description: 'The image before the current one' },
    {
      command: "<%= config.bin %> rollback shop web --to 7 --reason 'errors at checkout'",
      description: 'The image that change 7 of `history shop` brought',
    },
    {
      command: '<%= config.bin %> rollback shop --all --yes',
      description: 'Every image, without a question',
    },
  ]
  static override readonly usage = 'rollback APPLICATION [ALIAS] [flags]'
  static override readonly args = {
    application: Args.string({ description: 'The Application', required: true }),
    alias: Args.string({ description: 'Alias of the image; needed where there are several' }),
  }
  static override readonly flags = {
    to: Flags.string({
      description: 'The change to go back to, by its # in history (default: the one before the current)',
      helpValue: 'NUMBER',
    }),
    all: Flags.boolean({ description: 'Go back with every image of the Application' }),
    hold: Flags.boolean({
      description: 'Hold the image; --no-hold leaves it to the next update',
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
    const { flags, args } = await this.parse(Rollback)
    const session = await openSession(flags)
    try {
      const settled = await rollbackDialogue(session, args, flags)
      if (!settled) process.exitCode = this.errorExitCode
    } finally {
      await session.close()
    }
  }
}
