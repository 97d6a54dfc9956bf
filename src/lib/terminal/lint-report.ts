import { amount } from '../amount.ts'
import type { FilePlace } from '../engine/application-store.ts'
import type { LintedFinding } from '../engine/lint/lint.ts'
import { isAtLeast, type LintFinding, SEVERITIES, type Severity } from '../rules/lint/finding.ts'
import type { Paint } from './colour.ts'
import { printable } from './escape.ts'
import { type Column, renderTable } from './table.ts'
import { wrappedLines } from './wrapped-lines.ts'

const STYLES = { error: 'red', warning: 'yellow', info: 'dim' } as const satisfies Record<Severity, string>
const INDENT = 11
/** Narrower text than this is worse to read than a line that the terminal breaks. */
const NARROWEST = 24

/** Finds the file and line of what a finding is about; undefined in a cluster. */
export type PlaceOfFinding = (finding: LintedFinding) => FilePlace | undefined

/**
 * The columns of `lint -o wide`: a line a finding. Those that are not wide head each finding without it.
 *
 * @param placeOf where findings are about files
 */
export function lintColumns(
  paint: Paint,
  severalNamespaces: boolean,
  placeOf?: PlaceOfFinding,
): Column<LintedFinding>[] {
  return [
    {
      header: 'SEVERITY',
      value: ({ severity }) => severity,
      style: (text, { severity }) => paint(STYLES[severity], text),
    },
    ...(placeOf ? [{ header: 'FILE', value: (finding: LintedFinding) => fileText(placeOf(finding)) }] : []),
    { header: 'OBJECT', value: (finding) => objectText(finding, severalNamespaces) },
    { header: 'KEY', value: ({ key }) => key },
    { header: 'CODE', value: ({ code }) => code },
    { header: 'VALUE', value: ({ value }) => value, wide: true },
    { header: 'PROBLEM', value: ({ problem }) => problem, wide: true },
    { header: 'FIX', value: fixText, wide: true },
  ]
}

/**
 * Findings for people: a line of columns each, and below it in whole sentences what is wrong and what is
 * right, once for all findings of which the same is to be said.
 *
 * @param width columns of the terminal; undefined where there is none, and nothing is wrapped
 */
export function renderFindings(
  findings: readonly LintedFinding[],
  columns: readonly Column<LintedFinding>[],
  options: { readonly headers: boolean; readonly width: number | undefined },
): string {
  const groups = [...Map.groupBy(findings, (finding) => sentences(finding, options.width).join('\n'))]
  const rows = groups.flatMap(([, same]) => same)
  const lines = renderTable(columns, rows, { headers: options.headers }).split('\n').slice(0, -1)
  const heading = options.headers ? lines.splice(0, 1) : []
  const blocks = groups.flatMap(([text, same]) => [...lines.splice(0, same.length), text])
  return [...heading, ...blocks].map((line) => `${line}\n`).join('')
}

function sentences(finding: LintedFinding, width: number | undefined): string[] {
  const { value, problem } = finding
  const told = value === '' || problem.includes(value) ? problem : `${JSON.stringify(value)}: ${problem}`
  const fix = fixText(finding)
  return [...wrapped(told, '', width), ...(fix === '' ? [] : wrapped(fix, '→ ', width))]
}

function fixText({ fixable, remedy }: LintedFinding): string {
  return fixable ? `${remedy} (--fix does it)` : remedy
}

function wrapped(text: string, bullet: string, width: number | undefined): string[] {
  const room =
    width === undefined ? Number.POSITIVE_INFINITY : Math.max(NARROWEST, width - INDENT - bullet.length)
  return wrappedLines(printable(text), room).map(
    (part, index) => `${' '.repeat(INDENT)}${index === 0 ? bullet : ' '.repeat(bullet.length)}${part}`,
  )
}

function fileText(place: FilePlace | undefined): string {
  return place ? `${place.file}:${place.line}` : ''
}

/** `shop`, or `argocd/shop` where namespaces differ. */
function objectText({ origin }: LintFinding, severalNamespaces: boolean): string {
  const name = severalNamespaces ? origin.object : nameOf(origin.object)
  return origin.kind === 'image-updater' ? `imageupdater/${name}` : name
}

function nameOf(object: string): string {
  return object.slice(object.indexOf('/') + 1)
}

/** As kubectl names the object with `-o name`. */
export function lintedName({ origin }: LintFinding): string {
  const type =
    origin.kind === 'image-updater'
      ? 'imageupdater.argocd-image-updater.argoproj.io'
      : 'application.argoproj.io'
  return `${type}/${nameOf(origin.object)}`
}

/**
 * One finding as the documented JSON item (docs/schema/image-updater-v1.json).
 *
 * @param file where it is about one
 */
export function findingDocument(finding: LintedFinding, file?: FilePlace): Record<string, unknown> {
  const { alias, code, fixable, key, origin, problem, remedy, severity, value } = finding
  return {
    severity,
    code,
    object: {
      kind: origin.kind === 'image-updater' ? 'ImageUpdater' : 'Application',
      name: nameOf(origin.object),
      namespace: origin.object.includes('/') ? origin.object.slice(0, origin.object.indexOf('/')) : '',
    },
    alias,
    key,
    value,
    problem,
    remedy,
    fixable,
    ...file,
  }
}

/** `1 error, 2 warnings in 5 Applications; 1 can be put right with --fix`. */
export function lintSummary(
  findings: readonly LintedFinding[],
  applications: number,
  inFiles = false,
): string {
  if (applications === 0) {
    return inFiles
      ? 'No Application of these files is chosen: see -n, -l and --field-selector'
      : 'There is no Application here; -A looks in all namespaces'
  }
  const looked = amount(applications, 'Application')
  if (findings.length === 0) return `Nothing to say about the rules of ${looked}`
  const counts = SEVERITIES.flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    const plural = count === 1 || severity === 'info' ? severity : `${severity}s`
    return count === 0 ? [] : [`${count} ${plural}`]
  })
  const fixable = findings.filter((finding) => finding.fixable).length
  const repair = fixable === 0 ? '' : `; ${fixable} can be put right with --fix`
  return `${counts.join(', ')} in ${looked}${repair}`
}

/** Whether any finding is at least as severe. */
export function hasFindings(findings: readonly LintFinding[], least: Severity): boolean {
  return findings.some((finding) => isAtLeast(finding, least))
}
