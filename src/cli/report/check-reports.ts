import { placeOfImage } from '../../lib/engine/rule-place.ts'
import type { ReportWish } from '../../lib/terminal/report/report-flag.ts'
import { type CheckedView, contextIn } from '../session/check-sessions.ts'
import type { Session } from '../session/session.ts'
import { writeReports } from './reports.ts'

/** What a report is made of, besides the errors that are about no image. */
interface Checked {
  readonly sessions: readonly Session[]
  readonly views: readonly CheckedView[]
  readonly updatesFail: boolean
}

/** Writes the reports of a check. @throws ReportFlagError when one cannot be written */
export async function writeCheckReports(
  wishes: readonly ReportWish[],
  { sessions, updatesFail, views }: Checked,
): Promise<void> {
  if (wishes.length === 0) return
  const { checkReport } = await import('../../lib/terminal/report/check-report.ts')
  const contextOf = views.length > 0 ? contextIn(views) : undefined
  const images = views.flatMap(({ rows, session }) =>
    rows.map((row) => ({
      context: contextOf?.(row) ?? '',
      place: placeOfImage(session.engine.applications, row),
      row,
    })),
  )
  const problems = sessions.flatMap((session) => session.problems)
  await writeReports(wishes, checkReport(images, problems, updatesFail))
}
