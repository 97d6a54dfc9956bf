import { Args, Flags } from '@oclif/core'
import { annotateDialogue } from '../cli/annotate-dialogue.ts'
import { BaseCommand } from '../cli/base-command.ts'
import { connectionFlags, dryRunFlag, outputFlags, registryFlags } from '../cli/flags.ts'
import { openSession } from '../cli/session.ts'

export default class Annotate extends BaseCommand {
  static override readonly summary = 'Write the update rule of an image as annotations'
  static override readonly description =
    'Without --image, asks step by step: Application, image, strategy, filter with the tags that would match, write-back. Shows what the rule would choose right now and the diff, and asks before it writes. Only the annotations shown are changed.'
  static override readonly examples = [
    { command: '<%= config.bin %> annotate', description: 'Ask for everything' },
    {
      command:
        "<%= config.bin %> annotate shop --image web=ghcr.io/org/web --strategy semver --constraint '~1.4' --yes",
      description: 'For scripts',
    },
    {
      command:
        "<%= config.bin %> annotate shop --image web=ghcr.io/org/web --tag-filter '^production$' --strategy newest-build --dry-run=client -o yaml",
      description: 'Show the Application as it would be',
    },
  ]
  static override readonly args = {
    application: Args.string({ description: 'Name of the Application; asked for when absent' }),
  }
  static override readonly usage = 'annotate [APPLICATION] [flags]'
  static override readonly flags = {
    image: Flags.string({ description: 'ALIAS=IMAGE[:CONSTRAINT] that the rule is about' }),
    strategy: Flags.string({ description: 'semver, newest-build, alphabetical or digest' }),
    constraint: Flags.string({ description: 'Version range (semver) or the tag to follow (digest)' }),
    'tag-filter': Flags.string({ description: 'RE2 pattern a tag must match' }),
    'allow-tags': Flags.string({ description: 'regexp:<RE2 pattern> or any' }),
    'ignore-tags': Flags.string({ description: 'Comma-separated globs of tags to drop' }),
    'tag-pattern': Flags.string({ description: 'RE2 with a group "version": what of the tag is compared' }),
    platforms: Flags.string({ description: 'Comma-separated platforms the image must offer (linux/amd64)' }),
    'poll-interval': Flags.string({ description: 'How often this image is polled (5m)' }),
    'write-back': Flags.string({ description: 'application or restart; for all images of the Application' }),
    'pin-digest': Flags.boolean({ description: 'Write tag@digest whatever the strategy', allowNo: true }),
    'force-update': Flags.boolean({
      description: 'Write the image although nothing runs it yet',
      allowNo: true,
    }),
    yes: Flags.boolean({ char: 'y', description: 'Write without asking' }),
    'dry-run': dryRunFlag,
    ...registryFlags,
    output: outputFlags.output,
    color: outputFlags.color,
    ...connectionFlags,
  }

  async run(): Promise<void> {
    const { flags, args } = await this.parse(Annotate)
    const session = await openSession(flags)
    try {
      await annotateDialogue(session, args.application, flags)
    } finally {
      await session.close()
    }
  }
}
