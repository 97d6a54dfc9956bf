import { BaseCommand } from '../cli/base-command.ts'
import { changeControls } from '../cli/choice/control-dialogue.ts'
import { holdFlags, holdOrder } from '../cli/flags/hold.ts'
import {
  connectionFlags,
  dryRunFlag,
  formatFlags,
  outputFlags,
  registryFlags,
  selectionFlags,
} from '../cli/flags/shared.ts'
import { openSession } from '../cli/session/session.ts'
import { holdWrite } from '../lib/engine/hold.ts'
import { rfc3339 } from '../lib/moment.ts'

export default class Hold extends BaseCommand {
  static override readonly summary = 'Keep images as they are, until resumed or until a moment'
  static override readonly description =
    'Writes who holds what, until when and why into annotations of the Application: colleagues see it, and no update or watch changes the image meanwhile. Without ALIAS, all images of the Application are held.'
  static override readonly examples = [
    {
      command: "<%= config.bin %> hold shop web --for 2h --reason 'debugging a leak'",
      description: 'One image, for two hours',
    },
    { command: '<%= config.bin %> hold shop', description: 'A whole Application, until it is resumed' },
    {
      command: '<%= config.bin %> hold -l team=web --until 2026-12-27T08:00:00Z',
      description: 'Every Application with rules and this label',
    },
  ]
  static override readonly strict = false
  static override readonly usage = 'hold (APPLICATION [ALIAS...] | -l SELECTOR) [flags]'
  static override readonly flags = {
    ...holdFlags,
    selector: selectionFlags.selector,
    'dry-run': dryRunFlag,
    'allow-cross-namespace-secrets': registryFlags['allow-cross-namespace-secrets'],
    ...formatFlags,
    color: outputFlags.color,
    ...connectionFlags,
  }

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(Hold)
    const session = await openSession(flags)
    try {
      const order = holdOrder(session, flags)
      const target = { dryRun: flags['dry-run'], selector: flags.selector, words: argv as string[] }
      const until = order.until ? ` until ${rfc3339(order.until)}` : ''
      const done = await changeControls(session, target, (application, subjects) => ({
        already: `held${until} already`,
        done: `held${until}`,
        write: holdWrite(application, subjects, order, session.engine.now()),
      }))
      if (!done) process.exitCode = this.errorExitCode
    } finally {
      await session.close()
    }
  }
}
