import { BaseCommand } from '../cli/base-command.ts'
import { changeControls } from '../cli/choice/control-dialogue.ts'
import {
  connectionFlags,
  dryRunFlag,
  formatFlags,
  outputFlags,
  registryFlags,
  selectionFlags,
} from '../cli/flags/shared.ts'
import { openSession } from '../cli/session/session.ts'
import { resumeWrite } from '../lib/engine/hold.ts'

export default class Resume extends BaseCommand {
  static override readonly summary = 'Release images that are held'
  static override readonly description =
    'Takes a hold back. Without ALIAS, every hold of the Application; with one where the whole Application is held, only that image is updated again.'
  static override readonly examples = [
    { command: '<%= config.bin %> resume shop web', description: 'One image' },
    { command: '<%= config.bin %> resume shop', description: 'Everything of an Application' },
    { command: '<%= config.bin %> resume -l team=web', description: 'Every Application with this label' },
  ]
  static override readonly strict = false
  static override readonly usage = 'resume (APPLICATION [ALIAS...] | -l SELECTOR) [flags]'
  static override readonly flags = {
    selector: selectionFlags.selector,
    'dry-run': dryRunFlag,
    'allow-cross-namespace-secrets': registryFlags['allow-cross-namespace-secrets'],
    ...formatFlags,
    color: outputFlags.color,
    ...connectionFlags,
  }

  async run(): Promise<void> {
    const { flags, argv } = await this.parse(Resume)
    const session = await openSession(flags)
    try {
      const target = { dryRun: flags['dry-run'], selector: flags.selector, words: argv as string[] }
      const done = await changeControls(session, target, (application, subjects) => ({
        already: 'not held',
        done: 'resumed',
        write: resumeWrite(application, subjects),
      }))
      if (!done) process.exitCode = this.errorExitCode
    } finally {
      await session.close()
    }
  }
}
