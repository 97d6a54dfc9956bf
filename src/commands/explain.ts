import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { fileFlags } from '../cli/flags/files.ts'
import {
  connectionFlags,
  formatFlags,
  outputFlags,
  registryFlags,
  selectionFlags,
} from '../cli/flags/shared.ts'
import { openSession } from '../cli/session/session.ts'
import { explainApplications } from '../lib/engine/explain.ts'
import { renderExplanations } from '../lib/terminal/explanation.ts'
import { explanationDocument } from '../lib/terminal/explanation-document.ts'
import { renderAnswer } from '../lib/terminal/output.ts'
import { withProgress } from '../lib/terminal/progress.ts'

export default class Explain extends BaseCommand {
  static override readonly summary = 'Explain why an image is, or is not, updated'
  static override readonly description =
    'Tells the whole story of each image of an Application: its rule and where it was written, what runs, which registry was asked and how, what became of the tags, what had to be passed, and the exact write. Nothing is written.'
  static override readonly examples = [
    { command: '<%= config.bin %> explain shop', description: 'Every image of an Application' },
    {
      command: '<%= config.bin %> explain shop web --all',
      description: 'One image, with a verdict on every tag',
    },
    {
      command: '<%= config.bin %> explain shop -f apps/shop.yaml',
      description: 'An Application in a file, without a cluster',
    },
    { command: '<%= config.bin %> explain shop web -o json', description: 'The same for scripts' },
  ]
  static override readonly usage = 'explain APPLICATION [IMAGE] [flags]'
  static override readonly args = {
    application: Args.string({ description: 'The Application', required: true }),
    image: Args.string({ description: 'Alias or repository of one of its images; all of them without it' }),
  }
  static override readonly flags = {
    all: Flags.boolean({ description: 'Show a verdict on every tag' }),
    'workload-context': selectionFlags['workload-context'],
    ...fileFlags,
    ...registryFlags,
    ...formatFlags,
    color: outputFlags.color,
    ...connectionFlags,
  }

  async run(): Promise<void> {
    const { flags, args } = await this.parse(Explain)
    const session = await openSession(flags)
    try {
      const managed = await session.load([args.application])
      const explanations = await withProgress(
        flags.filename ? 'Asking the registries' : 'Asking the cluster and the registries',
        () =>
          explainApplications(session.engine, managed, {
            connection: (application) => session.connectionWords(application),
            image: args.image,
          }),
      )
      const answer = {
        columns: [],
        document: {
          apiVersion: 'image-updater/v1',
          kind: 'Explanation',
          context: session.target.context,
          items: explanations.map((explanation) => explanationDocument(explanation, flags.all)),
        },
        name: (explanation: (typeof explanations)[number]) =>
          `application.argoproj.io/${explanation.application.metadata.name}`,
        rows: explanations,
      }
      this.print(
        session.forPeople
          ? renderExplanations(explanations, {
              all: flags.all,
              context: session.target.context,
              now: session.engine.now(),
              paint: session.paint,
              width: session.format.kind === 'wide' ? Number.POSITIVE_INFINITY : session.width,
            })
          : renderAnswer(answer, session.format),
      )
      if (session.problems.length > 0) process.exitCode = this.errorExitCode
    } finally {
      await session.close()
    }
  }
}
