import { UserError } from '../lib/errors.ts'
import type { ReportEntry } from '../lib/terminal/report/report-entry.ts'
import type { ReportWish } from '../lib/terminal/report/report-flag.ts'
import { type CheckedView, contextIn } from './check-sessions.ts'
import type { Session } from './session.ts'
import { VERSION } from './version.ts'

/** What a report is made of, besides the errors that are about no image. */
interface Checked {
  readonly sessions: readonly Session[]
  readonly views: readonly CheckedView[]
  readonly updatesFail: boolean
}

/** Whether a report takes the place of the table on standard output. */
export function takesOutput(wishes: readonly ReportWish[]): boolean {
  return wishes.some(({ file }) => file === '-')
}

/** Writes the reports of a check. @throws ReportFlagError when one cannot be written */
export async function writeCheckReports(wishes: readonly ReportWish[], checked: Checked): Promise<void> {
  if (wishes.length === 0) return
  const { errorEntry, imageEntry } = await import('../lib/terminal/report/report-entry.ts')
  const contextOf = checked.views.length > 0 ? contextIn(checked.views) : undefined
  const images = checked.views.flatMap(({ rows, session }) =>
    rows.map((row) =>
      imageEntry(row, session.engine.applications.fileOf(row.application), contextOf?.(row) ?? ''),
    ),
  )
  const problems = checked.sessions.flatMap((session) => session.problems).map(errorEntry)
  await writeEntries(wishes, [...problems, ...images], checked.updatesFail)
}

/** Where the work ends with an error the reports tell that error, so that CI does not show an older one. */
export async function toldInReports<Result>(
  wishes: readonly ReportWish[],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (wishes.length > 0 && error instanceof UserError) {
      const { errorEntry } = await import('../lib/terminal/report/report-entry.ts')
      await writeEntries(wishes, [errorEntry(error)], false)
    }
    throw error
  }
}

async function writeEntries(
  wishes: readonly ReportWish[],
  entries: readonly ReportEntry[],
  updatesFail: boolean,
): Promise<void> {
  const { writeReport } = await import('../lib/terminal/report/write-report.ts')
  for (const { file, format } of wishes) {
    const text = await RENDER[format](entries, updatesFail)
    if (file === '-') process.stdout.write(text)
    else await writeReport(file, text)
  }
}

const RENDER = {
  junit: async (entries: readonly ReportEntry[], updatesFail: boolean) =>
    (await import('../lib/terminal/report/junit.ts')).junitReport(entries, updatesFail),
  markdown: async (entries: readonly ReportEntry[]) =>
    (await import('../lib/terminal/report/markdown.ts')).markdownReport(entries),
  sarif: async (entries: readonly ReportEntry[]) =>
    (await import('../lib/terminal/report/sarif.ts')).sarifReport(entries, VERSION),
}
