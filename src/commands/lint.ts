import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { fileFlags } from '../cli/flags/files.ts'
import {
  connectionFlags,
  dryRunFlag,
  outputFlags,
  registryFlags,
  selectionFlags,
} from '../cli/flags/shared.ts'
import { lintAnswer } from '../cli/lint/answer.ts'
import { lintSession } from '../cli/lint/session.ts'
import { lintReportWishes, writeLintReports } from '../cli/report/lint-reports.ts'
import { reportFlag, takesOutput, toldInReports } from '../cli/report/reports.ts'
import { openSession } from '../cli/session/session.ts'
import { SEVERITIES } from '../lib/rules/lint/finding.ts'
import { hasFindings } from '../lib/terminal/lint-report.ts'

export default class Lint extends BaseCommand {
  static override readonly summary = 'Check the rules: what does not work, and how to put it right'
  static override readonly description =
    'Looks for rules that cannot be used or do not do what they say: misspelt keys, patterns that no tag fits, targets the source does not have, owners that would put back an update, a controller that writes as well. --fix puts right what needs no decision: it shows the diff of the annotations, asks, and checks again.'
  static override readonly examples = [
    { command: '<%= config.bin %> lint', description: 'Every Application of the current namespace' },
    {
      command: '<%= config.bin %> lint shop --fix',
      description: 'Put right what needs no decision, asking first',
    },
    {
      command: '<%= config.bin %> lint -R -f apps/ --offline --exit-code',
      description: 'Manifests before a commit, without a cluster',
    },
    {
      command: '<%= config.bin %> lint -R -f apps/ --offline --report sarif=rules.sarif',
      description: 'Manifests in CI: each finding at its line, for code scanning',
    },
    {
      command: '<%= config.bin %> lint -A --offline --exit-code',
      description: 'For CI: ask no registry; exits 1 on warnings or errors, 2 when the check itself failed',
    },
  ]
  static override readonly strict = false
  static override readonly usage = 'lint [APPLICATION...] [flags]'
  static override readonly flags = {
    fix: Flags.boolean({
      default: false,
      description: 'Put right what needs no decision, after a diff and a question',
    }),
    yes: Flags.boolean({ char: 'y', description: 'With --fix: write without asking' }),
    'dry-run': dryRunFlag,
    offline: Flags.boolean({ description: 'Ask no registry' }),
    'exit-code': Flags.boolean({
      description: 'Exit with 1 on findings of at least --severity, and with 2 on errors of the run',
    }),
    severity: Flags.option({
      options: SEVERITIES,
      default: 'warning' as const,
      description: 'What --exit-code counts: findings of at least this severity',
    })(),
    report: reportFlag,
    ...selectionFlags,
    ...fileFlags,
    ...registryFlags,
    ...outputFlags,
    ...connectionFlags,
  }

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(Lint)
    const wishes = lintReportWishes(flags)
    const session = await toldInReports(wishes, 'lint', () => openSession(flags))
    try {
      const { dryRun, fix, offline, yes } = { ...flags, dryRun: flags['dry-run'] }
      const options = { dryRun, fix, offline, yes }
      const report = await toldInReports(wishes, 'lint', () =>
        lintSession(session, argv as string[], options),
      )
      const { placeOf, render, rows, summary } = lintAnswer(session, report, flags)
      await writeLintReports(wishes, report, { flags, placeOf, session })
      session.heading(session.place)
      const text = render()
      // With --fix and -f - the edited text has standard output for itself.
      if (fix && session.engine.applications.editedInput !== undefined) {
        process.stderr.write(text)
        session.printEditedInput()
      } else if (!takesOutput(wishes)) this.print(text)
      if (report.applications.length > 0 || session.problems.length === 0) {
        if (rows.length > 0) session.footer(summary)
        else session.remark(summary)
      }
      const failed = session.problems.length > 0 || report.fixed.some(({ outcome }) => outcome === 'failed')
      if (failed) process.exitCode = this.errorExitCode
      else if (flags['exit-code'] && hasFindings(rows, flags.severity)) process.exitCode = 1
    } finally {
      await session.close()
    }
  }
}
