import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { fileFlags } from '../cli/flags/files.ts'
import {
  connectionFlags,
  outputFlags,
  registryFlags,
  selectionFlags,
  severalContextsFlag,
} from '../cli/flags/shared.ts'
import { writeCheckReports } from '../cli/report/check-reports.ts'
import { reportFlag, takesOutput, toldInReports } from '../cli/report/reports.ts'
import { checkSessions, contextIn, documentIn } from '../cli/session/check-sessions.ts'
import { openSessions } from '../cli/session/open-sessions.ts'
import { type CheckedImage, isUpdatable } from '../lib/engine/checked-image.ts'
import { checkColumns, summaryLine } from '../lib/terminal/checked-images.ts'
import { renderAnswer, sortByPath } from '../lib/terminal/output.ts'
import { parseReports } from '../lib/terminal/report/report-flag.ts'

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
    {
      command: '<%= config.bin %> check -R -f apps/ --report sarif=images.sarif --report junit=images.xml',
      description: 'Manifests in CI: reports for code scanning and for the list of tests',
    },
  ]
  static override readonly strict = false
  static override readonly usage = 'check [APPLICATION...] [flags]'
  static override readonly flags = {
    'exit-code': Flags.boolean({
      description: 'Exit with 1 when updates are available, and with 2 on errors',
    }),
    report: reportFlag,
    ...selectionFlags,
    ...fileFlags,
    ...registryFlags,
    ...outputFlags,
    ...connectionFlags,
    context: severalContextsFlag,
  }

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(Check)
    const wishes = parseReports(flags.report ?? [], flags.output ? `-o ${flags.output}` : '')
    const sessions = await toldInReports(wishes, 'check', () => openSessions(flags))
    try {
      const views = await toldInReports(wishes, 'check', () => checkSessions(sessions, argv as string[]))
      const [{ session }] = views
      const all = views.flatMap((view) => view.rows)
      const rows = flags['sort-by'] ? sortByPath(all, flags['sort-by'], documentIn(views)) : all
      const document = {
        apiVersion: 'image-updater/v1',
        kind: 'CheckReport',
        context: views.map((view) => view.session.target.context).join(','),
        items: rows.map(documentIn(views)),
      }
      for (const view of views) view.session.header(view.report)
      const namespaces = sessions.some(({ severalNamespaces }) => severalNamespaces)
      const columns = checkColumns(new Date(), session.paint, namespaces, contextIn(views))
      const updatesFail = flags['exit-code'] ?? false
      await writeCheckReports(wishes, { sessions, updatesFail, views })
      const answer = {
        columns: session.withFile(columns),
        document,
        name: (row: CheckedImage) => `application.argoproj.io/${row.application.metadata.name}`,
        rows,
      }
      if (!takesOutput(wishes))
        this.print(renderAnswer(answer, session.format, { headers: !flags['no-headers'] }))
      const problems = sessions.some((one) => one.problems.length > 0)
      const summary = summaryLine(rows, session.engine.applications)
      if (rows.length > 0) session.footer(summary)
      else if (!problems) session.remark(summary)
      if (problems || rows.some((row) => row.state === 'failed')) process.exitCode = this.errorExitCode
      else if (flags['exit-code'] && rows.some(isUpdatable)) process.exitCode = 1
    } finally {
      await Promise.all(sessions.map((session) => session.close()))
    }
  }
}
