import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { fileFlags } from '../cli/flags/files.ts'
import {
  connectionFlags,
  dryRunFlag,
  objectFormatFlags,
  outputFlags,
  selectionFlags,
} from '../cli/flags/shared.ts'
import { migrateToAnnotations, migrateToResources } from '../cli/migrate/dialogue.ts'
import { openSession } from '../cli/session/session.ts'

export default class Migrate extends BaseCommand {
  static override readonly summary = 'Turn rule annotations into ImageUpdater resources, or back'
  static override readonly description =
    'Prints one ImageUpdater for each namespace, with the rules that the annotations of its Applications hold; --to-annotations goes the other way. What cannot be carried over is listed, and the exit code is 1. Nothing is written without --apply, which shows the diff and asks.'
  static override readonly examples = [
    { command: '<%= config.bin %> migrate', description: 'The resource that says what the annotations say' },
    {
      command: '<%= config.bin %> migrate --apply --remove-annotations',
      description: 'Create it, and take the annotations away',
    },
    {
      command: '<%= config.bin %> migrate --to-annotations shop',
      description: 'The kubectl commands that put the rules of a resource into annotations',
    },
  ]
  static override readonly strict = false
  static override readonly usage = 'migrate [APPLICATION...] [flags]'
  static override readonly flags = {
    name: Flags.string({ description: 'Name of the ImageUpdater', default: 'image-updater' }),
    'to-annotations': Flags.boolean({
      description: 'The other way: from ImageUpdaters to the annotations of the Applications they match',
    }),
    apply: Flags.boolean({ description: 'Show the diff, ask, and write it' }),
    'remove-annotations': Flags.boolean({
      description:
        'With --apply: also take the rule annotations away from the Applications, once the resource is there',
      dependsOn: ['apply'],
      exclusive: ['to-annotations'],
    }),
    'allow-loss': Flags.boolean({ description: 'Go without what cannot be carried over' }),
    yes: Flags.boolean({ char: 'y', description: 'Write without asking' }),
    'dry-run': dryRunFlag,
    selector: selectionFlags.selector,
    'field-selector': selectionFlags['field-selector'],
    ...objectFormatFlags,
    color: outputFlags.color,
    ...fileFlags,
    ...connectionFlags,
  }

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(Migrate)
    // Without --apply nothing is written, so standard output is free for the answer whatever -f names.
    const session = await openSession({ ...flags, 'dry-run': flags.apply ? flags['dry-run'] : undefined })
    try {
      const migrate = flags['to-annotations'] ? migrateToAnnotations : migrateToResources
      if (!(await migrate(session, argv as string[], flags))) process.exitCode = this.errorExitCode
      if (flags.apply) session.printEditedInput()
    } finally {
      await session.close()
    }
  }
}
