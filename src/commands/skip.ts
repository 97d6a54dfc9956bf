import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { skipDialogue } from '../cli/choice/skip-dialogue.ts'
import {
  connectionFlags,
  dryRunFlag,
  formatFlags,
  outputFlags,
  registryFlags,
  selectionFlags,
} from '../cli/flags/shared.ts'
import { openSession } from '../cli/session/session.ts'

export default class Skip extends BaseCommand {
  static override readonly summary = 'Decline one tag of an image; later ones are offered'
  static override readonly description =
    'Writes the tag into an annotation of the Application, so that nobody is offered it again. Without TAG, what `check` offers now. Of a tag that moves in place only the digest that it names now is declined.'
  static override readonly examples = [
    { command: '<%= config.bin %> skip shop web', description: 'What is offered now' },
    { command: '<%= config.bin %> skip shop web 1.6.0', description: 'One tag' },
    { command: '<%= config.bin %> skip shop web 1.6.0 --undo', description: 'Offer it again' },
  ]
  static override readonly usage = 'skip APPLICATION ALIAS [TAG[@DIGEST]] [flags]'
  static override readonly args = {
    application: Args.string({ description: 'The Application', required: true }),
    alias: Args.string({ description: 'Alias of the image', required: true }),
    tag: Args.string({
      description: 'The tag, with a digest for one that moves; what `check` offers without it',
    }),
  }
  static override readonly flags = {
    undo: Flags.boolean({ description: 'Offer the tag again' }),
    'dry-run': dryRunFlag,
    'workload-context': selectionFlags['workload-context'],
    ...registryFlags,
    ...formatFlags,
    color: outputFlags.color,
    ...connectionFlags,
  }

  async run(): Promise<void> {
    const { flags, args } = await this.parse(Skip)
    const session = await openSession(flags)
    try {
      await skipDialogue(session, args, flags)
    } finally {
      await session.close()
    }
  }
}
