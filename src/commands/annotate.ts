import { Flags } from '@oclif/core'
import { annotateDialogue } from '../cli/annotate/dialogue.ts'
import { ruleFlags, WRITING } from '../cli/annotate/flags.ts'
import { BaseCommand } from '../cli/base-command.ts'
import { fileFlags } from '../cli/flags/files.ts'
import {
  connectionFlags,
  dryRunFlag,
  formatFlags,
  outputFlags,
  registryFlags,
  selectionFlags,
} from '../cli/flags/shared.ts'
import { openSession } from '../cli/session/session.ts'

export default class Annotate extends BaseCommand {
  static override readonly summary = 'Write the update rule of an image as annotations'
  static override readonly description =
    'Without --image, asks step by step: Application, image, strategy, filter with the tags that would match, write-back, and further settings if you want. Shows what the rule would choose right now and the diff, and asks before it writes. Only the annotations shown are changed: settings that are not given stay as they are, an empty value takes one away. With several names or -l the same rule goes to all of them; with --image-updater it goes into a resource.'
  static override readonly examples = [
    { command: '<%= config.bin %> annotate', description: 'Ask for everything' },
    {
      command:
        "<%= config.bin %> annotate shop --image web=ghcr.io/org/web --strategy semver --constraint '~1.4' --yes",
      description: 'For scripts',
    },
    {
      command: '<%= config.bin %> annotate -l team=web --image proxy=ghcr.io/org/proxy:^2 --strategy semver',
      description: 'The same rule for every Application of a team',
    },
    {
      command:
        "<%= config.bin %> annotate shop --image web=ghcr.io/org/web --tag-filter '^production$' --strategy newest-build --dry-run=client -o yaml",
      description: 'Show the Application as it would be',
    },
    {
      command: '<%= config.bin %> annotate shop --image web=ghcr.io/org/web:^1.4 --image-updater shops',
      description: 'Into an ImageUpdater resource, which is created or extended',
    },
  ]
  static override readonly strict = false
  static override readonly usage = 'annotate [APPLICATION...] [flags]'
  static override readonly flags = {
    ...ruleFlags,
    'image-updater': Flags.string({
      description: 'Write the rule into the ImageUpdater resource of this name (default: into annotations)',
      helpGroup: WRITING,
      helpValue: 'NAME',
    }),
    selector: selectionFlags.selector,
    'field-selector': selectionFlags['field-selector'],
    yes: Flags.boolean({ char: 'y', description: 'Write without asking' }),
    'dry-run': dryRunFlag,
    ...fileFlags,
    ...registryFlags,
    ...formatFlags,
    color: outputFlags.color,
    ...connectionFlags,
  }

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(Annotate)
    const session = await openSession(flags)
    try {
      if (!(await annotateDialogue(session, argv as string[], flags))) process.exitCode = this.errorExitCode
      session.printEditedInput()
    } finally {
      await session.close()
    }
  }
}
