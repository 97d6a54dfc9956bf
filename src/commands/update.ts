import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { fileFlags } from '../cli/flags/files.ts'
import {
  afterWriteFlags,
  connectionFlags,
  dryRunFlag,
  formatFlags,
  gitFlags,
  notifyFlag,
  outputFlags,
  registryFlags,
  selectionFlags,
} from '../cli/flags/shared.ts'
import { notificationsOf } from '../cli/session/notifications.ts'
import { NOTIFY_GRACE, openNotifications } from '../cli/session/open-notifications.ts'
import { openSession } from '../cli/session/session.ts'
import { untouched, updateDialogue } from '../cli/update/dialogue.ts'
import { updateGroups } from '../lib/engine/apply.ts'
import { isUpdatable } from '../lib/engine/checked-image.ts'
import { PASSABLE_GATES } from '../lib/engine/gate.ts'
import { summaryLine } from '../lib/terminal/checked-images.ts'
import { renderAnswer } from '../lib/terminal/output.ts'

export default class Update extends BaseCommand {
  static override readonly summary = 'Apply once what `check` shows'
  static override readonly description =
    'Shows the diff of every write, names the context, asks, and applies. A change that somebody made meanwhile is never overwritten.'
  static override readonly examples = [
    { command: '<%= config.bin %> update shop', description: 'One Application, asking first' },
    { command: '<%= config.bin %> update -l team=web --yes', description: 'Every match, without a question' },
    {
      command: '<%= config.bin %> update --dry-run=server',
      description: 'Let the API server check the writes, keep nothing',
    },
  ]
  static override readonly strict = false
  static override readonly usage = 'update [APPLICATION...] [flags]'
  static override readonly flags = {
    yes: Flags.boolean({ char: 'y', description: 'Apply without asking' }),
    'dry-run': dryRunFlag,
    ...afterWriteFlags,
    notify: notifyFlag,
    'allow-downgrade': Flags.boolean({
      description:
        'Apply a version lower than the running one too, this time (the rule allow-downgrade: always)',
    }),
    pass: Flags.option({
      options: PASSABLE_GATES,
      delimiter: ',',
      description:
        'Do not wait for a gate of this name, this time (min-age for an urgent fix, say); can be repeated',
      multiple: true,
      multipleNonGreedy: true,
    })(),
    ...selectionFlags,
    ...fileFlags,
    ...registryFlags,
    ...gitFlags,
    ...formatFlags,
    color: outputFlags.color,
    ...connectionFlags,
  }

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(Update)
    const session = await openSession(flags)
    try {
      const permissions = { allowDowngrade: flags['allow-downgrade'], passedGates: new Set(flags.pass) }
      const report = await session.check(argv as string[], permissions)
      session.header(report)
      const updates = report.rows.filter(isUpdatable)
      await session.tellRivals(updates, report)
      const notifier = await openNotifications(flags.notify ?? [], (problem) => session.note(problem))
      const { items, failed } = await updateDialogue(session, updateGroups(updates), {
        ...flags,
        dryRun: flags['dry-run'],
        permissions,
        tell: (event) => {
          const origin = { by: session.operator, context: session.target.context }
          for (const notification of notificationsOf(event, () => origin)) notifier?.send(notification)
        },
      })
      await notifier?.flush(NOTIFY_GRACE)
      const rest = report.rows.filter((row) => !isUpdatable(row))
      const document = {
        apiVersion: 'image-updater/v1',
        kind: 'UpdateReport',
        context: session.target.context,
        items: [...items, ...rest.map((row) => untouched(session, row, 'none'))],
      }
      if (!session.forPeople) {
        const rows = items.filter(({ outcome }) => outcome === 'applied')
        const name = ({ application }: Record<string, unknown>) => `application.argoproj.io/${application}`
        this.print(renderAnswer({ columns: [], document, name, rows }, session.format))
      }
      session.printEditedInput()
      session.failures(rest)
      session.blocked(rest)
      if (items.length === 0 && session.problems.length === 0)
        session.remark(summaryLine(rest, session.engine.applications))
      const faulty = rest.some((row) => row.state === 'failed')
      if (failed || faulty || session.problems.length > 0) process.exitCode = this.errorExitCode
    } finally {
      await session.close()
    }
  }
}
