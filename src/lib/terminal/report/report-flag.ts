import { UserError } from '../../errors.ts'
import { nearestWord } from '../../nearest.ts'

const FORMATS = ['junit', 'sarif', 'markdown'] as const

/** A report that `--report` asks for. `file` is '-' for standard output. */
export interface ReportWish {
  readonly format: (typeof FORMATS)[number]
  readonly file: string
}

export class ReportFlagError extends UserError {}

/**
 * Reads the values of `--report FORMAT=FILE`.
 *
 * @param rival what else wants standard output, `-o json`; '' for nothing
 * @throws ReportFlagError in one line
 */
export function parseReports(values: readonly string[], rival: string): readonly ReportWish[] {
  const wishes = values.map(parseReport)
  const files = wishes.map(({ file }) => file)
  const twice = files.find((file, index) => files.indexOf(file) !== index)
  if (twice !== undefined)
    throw new ReportFlagError(`--report writes ${twice} twice`, 'Give each report a file of its own')
  if (rival !== '' && files.includes('-'))
    throw new ReportFlagError(
      `--report to - and ${rival} both want standard output`,
      'Name a file for one of them',
    )
  return wishes
}

function parseReport(value: string): ReportWish {
  const equals = value.indexOf('=')
  const name = equals < 0 ? value : value.slice(0, equals)
  const format = FORMATS.find((known) => known === name)
  if (!format) {
    const near = nearestWord(name, FORMATS)
    throw new ReportFlagError(
      `--report "${value}": "${name}" is not a report format`,
      near ? `Did you mean ${near}=FILE?` : 'Use junit=FILE, sarif=FILE or markdown=FILE',
    )
  }
  const file = equals < 0 ? '' : value.slice(equals + 1)
  if (file === '')
    throw new ReportFlagError(
      `--report ${name} names no file`,
      `Write ${name}=FILE, or ${name}=- to print it`,
    )
  return { file, format }
}
