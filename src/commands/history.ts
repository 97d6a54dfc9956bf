import { Args } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { connectionFlags, outputFlags, registryFlags } from '../cli/flags/shared.ts'
import { namedApplication } from '../cli/session/named-application.ts'
import { openSession, warn } from '../cli/session/session.ts'
import { readChangeRecord } from '../lib/application/change-record.ts'
import { imageHistory, newestFirst } from '../lib/engine/history.ts'
import { operatorImage, operatorImages } from '../lib/engine/operator-image.ts'
import { historyColumns, historyDocument } from '../lib/terminal/history-rows.ts'
import { renderAnswer } from '../lib/terminal/output.ts'

export default class History extends BaseCommand {
  static override readonly summary = 'Show earlier images: old, new, who, how, commit'
  static override readonly description =
    "Joins Argo CD's own history of the Application (as far back as its revisionHistoryLimit) with what this tool noted of its changes. The number of a change is for `rollback --to`: Argo CD's own where it has deployed it, else r and the number of the note."
  static override readonly examples = [
    { command: '<%= config.bin %> history shop', description: 'Every image of an Application' },
    { command: '<%= config.bin %> history shop web -o wide', description: 'One image, with the reasons' },
    { command: '<%= config.bin %> history shop -o json', description: 'For scripts' },
  ]
  static override readonly usage = 'history APPLICATION [ALIAS] [flags]'
  static override readonly args = {
    application: Args.string({ description: 'The Application', required: true }),
    alias: Args.string({ description: 'Alias of one of its images; all of them without it' }),
  }
  static override readonly flags = {
    'allow-cross-namespace-secrets': registryFlags['allow-cross-namespace-secrets'],
    ...outputFlags,
    ...connectionFlags,
  }

  async run(): Promise<void> {
    const { flags, args } = await this.parse(History)
    const session = await openSession(flags)
    try {
      const { application, managed } = await namedApplication(session, args.application)
      const images = args.alias
        ? [operatorImage(application, managed, args.alias)]
        : operatorImages(application, managed)
      const rows = newestFirst(images.flatMap(imageHistory))
      const { problem } = readChangeRecord(application)
      if (problem !== '') warn(`${args.application}: ${problem}: only Argo CD's own history is shown`)
      const document = {
        apiVersion: 'image-updater/v1',
        kind: 'History',
        context: session.target.context,
        items: rows.map(historyDocument),
      }
      session.heading(session.place)
      const answer = {
        columns: historyColumns(session.engine.now()),
        document,
        name: () => `application.argoproj.io/${application.metadata.name}`,
        rows,
      }
      this.print(renderAnswer(answer, session.format, { headers: !flags['no-headers'] }))
      if (rows.length === 0) {
        session.remark(`Neither Argo CD nor this tool knows of a change of an image of ${args.application}.`)
      }
    } finally {
      await session.close()
    }
  }
}
