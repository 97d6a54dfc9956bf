import type { LintedFinding } from '../../lib/engine/lint/lint.ts'
import { placeOfRule } from '../../lib/engine/rule-place.ts'
import {
  findingDocument,
  lintColumns,
  lintedName,
  lintSummary,
  type PlaceOfFinding,
  renderFindings,
} from '../../lib/terminal/lint-report.ts'
import { renderAnswer, sortByPath } from '../../lib/terminal/output.ts'
import type { Session } from '../session/session.ts'
import { fixDocument } from './fix.ts'
import type { LintReport } from './session.ts'

interface AnswerFlags {
  readonly filename?: readonly string[] | undefined
  readonly 'no-headers': boolean
  readonly 'sort-by'?: string | undefined
}

/** What `lint` says of its findings. */
export interface LintAnswer {
  readonly placeOf: PlaceOfFinding
  /** In the order asked for. */
  readonly rows: readonly LintedFinding[]
  /** The text in the format asked for. @throws what a template does that does not fit */
  readonly render: () => string
  /** For people, below it. */
  readonly summary: string
}

export function lintAnswer(session: Session, report: LintReport, flags: AnswerFlags): LintAnswer {
  const { applications } = session.engine
  const inFiles = flags.filename !== undefined
  const placeOf = (finding: LintedFinding) => placeOfRule(applications, finding.application, finding)
  const documentOf = (finding: LintedFinding) => findingDocument(finding, placeOf(finding))
  const rows = flags['sort-by'] ? sortByPath(report.findings, flags['sort-by'], documentOf) : report.findings
  const columns = lintColumns(session.paint, session.severalNamespaces, inFiles ? placeOf : undefined)
  const headers = !flags['no-headers']
  const document = {
    apiVersion: 'image-updater/v1',
    kind: 'LintReport',
    context: session.target.context,
    items: rows.map(documentOf),
    fixed: report.fixed.map((one) => fixDocument(one, applications.fileOf(one.application))),
  }
  const render = () =>
    session.format.kind === 'table'
      ? renderFindings(rows, columns, { headers, width: process.stdout.columns })
      : renderAnswer({ columns, document, name: lintedName, rows }, session.format, { headers })
  return { placeOf, render, rows, summary: lintSummary(rows, report.applications.length, inFiles) }
}
