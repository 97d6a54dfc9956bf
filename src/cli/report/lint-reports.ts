import type { Severity } from '../../lib/rules/lint/finding.ts'
import type { PlaceOfFinding } from '../../lib/terminal/lint-report.ts'
import { parseReports, type ReportWish } from '../../lib/terminal/report/report-flag.ts'
import type { LintReport } from '../lint/session.ts'
import type { Session } from '../session/session.ts'
import { writeReports } from './reports.ts'

interface LintFlags {
  readonly report?: readonly string[] | undefined
  readonly output?: string | undefined
  readonly fix: boolean
  readonly filename?: readonly string[] | undefined
  readonly severity: Severity
  readonly 'exit-code'?: boolean | undefined
}

/** The reports that the flags ask for. @throws ReportFlagError in one line */
export function lintReportWishes({
  filename = [],
  fix,
  output,
  report = [],
}: LintFlags): readonly ReportWish[] {
  const rival = output ? `-o ${output}` : fix && filename.includes('-') ? '--fix -f -' : ''
  return parseReports(report, rival)
}

/** Writes the reports of `lint`. @throws ReportFlagError when one cannot be written */
export async function writeLintReports(
  wishes: readonly ReportWish[],
  { applications, findings }: LintReport,
  { flags, placeOf, session }: { flags: LintFlags; placeOf: PlaceOfFinding; session: Session },
): Promise<void> {
  if (wishes.length === 0) return
  const { lintReport } = await import('../../lib/terminal/report/lint-report.ts')
  const fails = flags['exit-code'] ? flags.severity : undefined
  const { problems } = session
  await writeReports(wishes, lintReport({ applications, fails, findings, placeOf, problems }))
}
