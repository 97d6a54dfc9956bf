import type { Application } from '../../application/application.ts'
import type { LintedFinding } from '../../engine/lint/lint.ts'
import type { UserError } from '../../errors.ts'
import { isAtLeast, type Severity } from '../../rules/lint/finding.ts'
import { LINT_CODES } from '../../rules/lint/lint-code.ts'
import { errorText } from '../error-line.ts'
import { lintSummary, type PlaceOfFinding } from '../lint-report.ts'
import { errorEntry, type Report, type ReportEntry } from './report.ts'

/** What `lint` looked at and found. */
export interface Linted {
  readonly findings: readonly LintedFinding[]
  readonly applications: readonly Application[]
  readonly problems: readonly UserError[]
  readonly placeOf: PlaceOfFinding
  /** The least severity that fails the run (`--exit-code`); undefined where none does. */
  readonly fails: Severity | undefined
}

const LEVELS = { error: 'error', info: 'note', warning: 'warning' } as const

/** The report of `lint`. In a list of tests an Application about which there is nothing to say has passed. */
export function lintReport({ applications, fails, findings, placeOf, problems }: Linted): Report {
  const spoken = new Set(findings.map(objectOf))
  const entries = [
    ...problems.map((error) => errorEntry(error, 'lint', ['error', 'lint', '', errorText(error)])),
    ...findings.map((finding) => findingEntry(finding, placeOf, fails)),
    ...applications
      .map(nameOf)
      .filter((name) => !spoken.has(name))
      .map(soundEntry),
  ]
  return {
    counts: lintSummary(findings, applications.length),
    entries,
    headers: ['Severity', 'Object', 'Key', 'Problem'],
    name: 'lint',
    title: 'Image rules',
  }
}

/** The report of a run that found nothing out. */
export function failedLintReport(error: UserError): Report {
  const report = lintReport({
    applications: [],
    fails: undefined,
    findings: [],
    placeOf: () => undefined,
    problems: [error],
  })
  return { ...report, counts: '1 error' }
}

function findingEntry(
  finding: LintedFinding,
  placeOf: PlaceOfFinding,
  fails: Severity | undefined,
): ReportEntry {
  const { alias, code, key, problem, remedy, severity, value } = finding
  const object = objectOf(finding)
  const place = placeOf(finding)
  const told = value === '' || problem.includes(value) ? problem : `${JSON.stringify(value)}: ${problem}`
  const text = remedy === '' ? told : `${told}. ${remedy}`
  return {
    cells: [severity, place ? `${object} (${place.file}:${place.line})` : object, key || alias, text],
    change: '',
    detail: [value, problem].join('\n'),
    level: LEVELS[severity],
    meaning: meaningOf(code),
    object,
    outcome: fails !== undefined && isAtLeast(finding, fails) ? 'failure' : 'skipped',
    place,
    rule: code,
    subject: key || alias,
    text,
  }
}

/** An Application about which there is nothing to say. */
function soundEntry(object: string): ReportEntry {
  return {
    cells: [],
    change: '',
    detail: '',
    level: 'none',
    meaning: '',
    object,
    outcome: 'passed',
    place: undefined,
    rule: 'sound',
    subject: '',
    text: '',
  }
}

function meaningOf(code: LintedFinding['code']): string {
  const meaning: string = LINT_CODES[code]
  return `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}`
}

/** As origins of rules name an Application. */
function nameOf({ metadata }: Application): string {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name
}

function objectOf({ origin }: LintedFinding): string {
  return origin.kind === 'image-updater' ? `imageupdater/${origin.object}` : origin.object
}
