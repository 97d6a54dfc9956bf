import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { connectionFlags, outputFlags, registryFlags } from '../cli/flags/shared.ts'
import { openTagSession } from '../cli/session/tag-session.ts'
import { tagRows } from '../lib/engine/tag-rows.ts'
import { renderAnswer, sortByPath } from '../lib/terminal/output.ts'
import { tagColumns, tagCountsLine, tagDocument } from '../lib/terminal/tag-rows.ts'

export default class Tags extends BaseCommand {
  static override readonly summary = 'Show the tags of a repository as a rule would see them'
  static override readonly description =
    'Lists the tags best first, with the winner marked; --all also shows every tag that was dropped and why. Needs no cluster.'
  static override readonly examples = [
    { command: '<%= config.bin %> tags ghcr.io/org/app', description: 'The newest versions' },
    {
      command:
        '<%= config.bin %> tags 123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop --strategy newest-build',
      description: 'By push time, on ECR with your AWS session',
    },
    {
      command: "<%= config.bin %> tags nginx --constraint '~1.27' --all",
      description: 'With a verdict on every tag',
    },
  ]
  static override readonly args = {
    image: Args.string({
      description: 'Repository, [registry/]name; a tag is read as the constraint',
      required: true,
    }),
  }
  static override readonly usage = 'tags IMAGE [flags]'
  static override readonly flags = {
    strategy: Flags.string({
      description: 'What makes a tag the best: semver, newest-build, alphabetical or digest',
      default: 'semver',
    }),
    constraint: Flags.string({ description: 'Version range (semver), or the tag to follow (digest)' }),
    'allow-tags': Flags.string({ description: 'Which tags may win: regexp:<RE2 pattern> or any' }),
    'tag-filter': Flags.string({ description: 'RE2 pattern that a tag must match' }),
    'ignore-tags': Flags.string({ description: 'Comma-separated globs of tags to drop' }),
    'tag-pattern': Flags.string({
      description: 'RE2 pattern with a group "version": what of the tag is compared',
    }),
    platforms: Flags.string({
      description: 'Comma-separated platforms that the image must offer (linux/amd64)',
    }),
    limit: Flags.integer({ description: 'How many tags to show, 0 for all', default: 20, min: 0 }),
    all: Flags.boolean({ description: 'Also show the tags that were dropped, with the reason' }),
    ...registryFlags,
    ...outputFlags,
    kubeconfig: connectionFlags.kubeconfig,
    context: connectionFlags.context,
  }

  async run(): Promise<void> {
    const { flags, args } = await this.parse(Tags)
    const session = await openTagSession(args.image, flags)
    try {
      const report = await tagRows(session.registry, session.rule, {
        all: flags.all,
        limit: flags.limit,
        now: new Date(),
      })
      const rows = flags['sort-by'] ? sortByPath(report.rows, flags['sort-by'], tagDocument) : report.rows
      const document = {
        apiVersion: 'image-updater/v1',
        kind: 'TagList',
        image: report.image,
        listed: report.scan.listed,
        dropped: report.dropped,
        via: report.scan.via,
        credential: report.scan.credential,
        items: rows.map(tagDocument),
      }
      session.header(report)
      this.print(
        renderAnswer(
          {
            columns: tagColumns(new Date(), session.paint),
            document,
            name: (row) => `${report.image}:${row.tag}`,
            rows,
          },
          session.format,
          { headers: !flags['no-headers'] },
        ),
      )
      session.footer(tagCountsLine(report))
      if (rows.some(({ error }) => error)) process.exitCode = this.errorExitCode
    } finally {
      await session.registry.close()
    }
  }
}
