import { Flags } from '@oclif/core'
import { UserError } from '../../lib/errors.ts'
import type { Report } from '../../lib/terminal/report/report.ts'
import type { ReportWish } from '../../lib/terminal/report/report-flag.ts'
import { VERSION } from '../version.ts'

/** For commands whose findings CI services show. */
export const reportFlag = Flags.string({
  description:
    'Write a report for CI: junit=FILE, sarif=FILE or markdown=FILE, - for standard output instead of the table; can be repeated',
  helpGroup: 'OUTPUT',
  multiple: true,
  multipleNonGreedy: true,
})

/** Whether a report takes the place of the table on standard output. */
export function takesOutput(wishes: readonly ReportWish[]): boolean {
  return wishes.some(({ file }) => file === '-')
}

/** Writes a report in each form that was asked for. @throws ReportFlagError when one cannot be written */
export async function writeReports(wishes: readonly ReportWish[], report: Report): Promise<void> {
  const { writeReport } = await import('../../lib/terminal/report/write-report.ts')
  for (const { file, format } of wishes) {
    const text = await RENDER[format](report)
    if (file === '-') process.stdout.write(text)
    else await writeReport(file, text)
  }
}

/** Where the work ends with an error the reports tell that error, so that CI does not show an older one. */
export async function toldInReports<Result>(
  wishes: readonly ReportWish[],
  command: 'check' | 'lint',
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (wishes.length > 0 && error instanceof UserError)
      await writeReports(wishes, await FAILED[command](error))
    throw error
  }
}

const FAILED = {
  check: async (error: UserError) =>
    (await import('../../lib/terminal/report/check-report.ts')).checkReport([], [error], false),
  lint: async (error: UserError) =>
    (await import('../../lib/terminal/report/lint-report.ts')).failedLintReport(error),
}

const RENDER = {
  junit: async (report: Report) => (await import('../../lib/terminal/report/junit.ts')).junitReport(report),
  markdown: async (report: Report) =>
    (await import('../../lib/terminal/report/markdown.ts')).markdownReport(report),
  sarif: async (report: Report) =>
    (await import('../../lib/terminal/report/sarif.ts')).sarifReport(report, VERSION),
}
