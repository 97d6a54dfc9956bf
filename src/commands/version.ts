import { BaseCommand } from '../cli/base-command.ts'
import { formatFlags } from '../cli/flags/shared.ts'
import { VERSION } from '../cli/version.ts'
import { runtime } from '../lib/machine/runtime.ts'
import { parseOutputFormat, renderAnswer } from '../lib/terminal/output.ts'

export default class Version extends BaseCommand {
  static override readonly summary = 'Print the version of this plugin'
  static override readonly examples = [
    { command: '<%= config.bin %> version', description: 'The version, and what runs it' },
    { command: '<%= config.bin %> version -o json', description: 'For scripts' },
  ]
  static override readonly usage = 'version [flags]'
  static override readonly flags = formatFlags

  async run(): Promise<void> {
    const { flags } = await this.parse(Version)
    const item = {
      version: `v${VERSION}`,
      runtime: runtime(),
      platform: `${process.platform}/${process.arch}`,
    }
    const document = { apiVersion: 'image-updater/v1', kind: 'Version', ...item, items: [item] }
    const format = await parseOutputFormat(flags.output, flags['allow-missing-template-keys'])
    this.print(
      format.kind === 'table' || format.kind === 'wide'
        ? `kubectl image-updater ${item.version} (${item.runtime}, ${item.platform})\n`
        : renderAnswer(
            { columns: [], document, name: () => `version/${item.version}`, rows: [item] },
            format,
          ),
    )
  }
}
