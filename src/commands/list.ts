import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { fileFlags } from '../cli/flags/files.ts'
import { connectionFlags, outputFlags, registryFlags, selectionFlags } from '../cli/flags/shared.ts'
import { openSession, warn } from '../cli/session/session.ts'
import { type RuleRow, ruleRows } from '../lib/engine/rule-rows.ts'
import { renderAnswer, sortByPath } from '../lib/terminal/output.ts'
import { problemTexts } from '../lib/terminal/rule-problems.ts'
import { ruleColumns, ruleDocument } from '../lib/terminal/rule-rows.ts'

export default class List extends BaseCommand {
  static override readonly summary = 'List the images that carry update rules'
  static override readonly description =
    'Shows each rule with the Application it belongs to, what runs, and where the rule was written. Asks no registry.'
  static override readonly examples = [
    { command: '<%= config.bin %> list', description: 'The rules in the current namespace' },
    {
      command: '<%= config.bin %> list --all -A',
      description: 'Images without a rule too, in all namespaces',
    },
    { command: '<%= config.bin %> list -o name', description: 'Names only, for scripts' },
  ]
  static override readonly strict = false
  static override readonly usage = 'list [APPLICATION...] [flags]'
  static override readonly flags = {
    all: Flags.boolean({ description: 'Also list the images of Applications that no rule is about' }),
    ...selectionFlags,
    ...fileFlags,
    ...registryFlags,
    ...outputFlags,
    ...connectionFlags,
  }

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(List)
    const session = await openSession(flags)
    try {
      const managed = await session.load(argv as string[])
      const documentOf = (row: RuleRow) => ({ ...ruleDocument(row), ...session.fileOf(row.application) })
      for (const warning of problemTexts(managed.warnings)) warn(warning)
      const all = ruleRows(managed, { now: session.engine.now(), withoutRules: flags.all })
      const rows = flags['sort-by'] ? sortByPath(all, flags['sort-by'], documentOf) : all
      const document = {
        apiVersion: 'image-updater/v1',
        kind: 'RuleList',
        context: session.target.context,
        items: rows.map(documentOf),
      }
      session.heading(session.place)
      this.print(
        renderAnswer(
          {
            columns: session.withFile(ruleColumns(session.severalNamespaces)),
            document,
            name: (row) => `application.argoproj.io/${row.application.metadata.name}`,
            rows,
          },
          session.format,
          { headers: !flags['no-headers'] },
        ),
      )
      if (rows.length === 0) {
        session.remark(
          `No Application here carries a rule. kubectl image-updater annotate APPLICATION writes one${session.engine.applications.elsewhere}.`,
        )
      }
      if (session.problems.length > 0 || rows.some(({ fault }) => fault))
        process.exitCode = this.errorExitCode
    } finally {
      await session.close()
    }
  }
}
