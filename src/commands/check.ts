import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { fileFlags } from '../cli/file-flags.ts'
import { connectionFlags, outputFlags, registryFlags, selectionFlags } from '../cli/flags.ts'
import { openSession } from '../cli/session.ts'
import { isUpdatable } from '../lib/engine/checked-image.ts'
import { checkColumns, summaryLine } from '../lib/terminal/checked-images.ts'
import { renderAnswer, sortByPath } from '../lib/terminal/output.ts'

export default class Check extends BaseCommand {
  static override readonly summary = 'Show what would change now, and why'
  static override readonly description =
    'Reads the rules of the Applications, asks the registries, and shows for each image what runs, what is available and what `update` would do. Nothing is written.'
  static override readonly examples = [
    {
      command: '<%= config.bin %> check',
      description: 'Every Application with rules in the current namespace',
    },
    {
      command: '<%= config.bin %> check shop -n argocd -o json',
      description: 'One Application, for scripts',
    },
    {
      command: '<%= config.bin %> check -A --exit-code',
      description: 'For CI: exits 0 when nothing is newer, 1 when updates are available, 2 on an error',
    },
  ]
  static override readonly strict = false
  static override readonly usage = 'check [APPLICATION...] [flags]'
  static override readonly flags = {
    'exit-code': Flags.boolean({
      description: 'Exit with 1 when updates are available, and with 2 on errors',
    }),
    ...selectionFlags,
    ...fileFlags,
    ...registryFlags,
    ...outputFlags,
    ...connectionFlags,
  }

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(Check)
    const session = await openSession(flags)
    try {
      const report = await session.check(argv as string[])
      const rows = flags['sort-by']
        ? sortByPath(report.rows, flags['sort-by'], session.documentOf)
        : report.rows
      const document = {
        apiVersion: 'image-updater/v1',
        kind: 'CheckReport',
        context: session.target.context,
        items: rows.map(session.documentOf),
      }
      session.header(report)
      this.print(
        renderAnswer(
          {
            columns: session.withFile(checkColumns(new Date(), session.paint, session.severalNamespaces)),
            document,
            name: (row) => `application.argoproj.io/${row.application.metadata.name}`,
            rows,
          },
          session.format,
          { headers: !flags['no-headers'] },
        ),
      )
      if (rows.length > 0 || session.problems.length === 0)
        session.footer(summaryLine(rows, session.engine.applications))
      const failed = session.problems.length > 0 || rows.some((row) => row.state === 'failed')
      if (failed) process.exitCode = this.errorExitCode
      else if (flags['exit-code'] && rows.some(isUpdatable)) process.exitCode = 1
    } finally {
      await session.close()
    }
  }
}
