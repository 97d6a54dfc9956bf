import { amount } from '../amount.ts'
import type { Diagnosis } from '../engine/doctor/doctor.ts'
import { FINDING_STATES, type Finding, type FindingState } from '../engine/doctor/finding.ts'
import type { RoleObject } from '../engine/doctor/roles.ts'
import type { Paint } from './colour.ts'
import { type Fact, type FactLine, renderFacts } from './facts.ts'
import type { Column } from './table.ts'

const STYLES = { ok: 'green', warn: 'yellow', fail: 'red', skip: 'dim' } as const
/** Mark and word, so that neither colour nor a font is needed; of one width. */
const LEADS: Readonly<Record<FindingState, string>> = {
  ok: '✓ ok    ',
  warn: '! warn  ',
  fail: '✗ fail  ',
  skip: '- skip  ',
}
const NO_LEAD = ' '.repeat(LEADS.ok.length)

/** The diagnosis for people: a line a finding, below it what to do. @param width columns of the terminal */
export function renderDiagnosis(findings: readonly Finding[], width: number, paint: Paint): string {
  const facts = [...Map.groupBy(findings, ({ check }) => check)].map(
    ([label, own]): Fact => ({ label, lines: own.flatMap(findingLines) }),
  )
  return renderFacts(facts, width, paint)
}

function findingLines({ state, message, remedy }: Finding): FactLine[] {
  const line: FactLine = { lead: LEADS[state], leadStyle: STYLES[state], text: message }
  return remedy === '' ? [line] : [line, { lead: `${NO_LEAD}→ `, text: remedy }]
}

/** The columns of `doctor -o wide`: a line a finding. */
export function doctorColumns(paint: Paint): Column<Finding>[] {
  return [
    { header: 'STATE', value: ({ state }) => state, style: (text, { state }) => paint(STYLES[state], text) },
    { header: 'CHECK', value: ({ check }) => check },
    { header: 'SUBJECT', value: ({ subject }) => subject },
    { header: 'MESSAGE', value: ({ message }) => message },
    { header: 'REMEDY', value: ({ remedy }) => remedy },
  ]
}

/** `11 ok, 2 warnings, 1 failed, 3 not looked at · 4 registry requests`. */
export function doctorSummary({ findings, requests }: Diagnosis): string {
  const count = (state: FindingState) => findings.filter((finding) => finding.state === state).length
  const parts = [
    `${count('ok')} ok`,
    ...(count('warn') > 0 ? [amount(count('warn'), 'warning')] : []),
    ...(count('fail') > 0 ? [`${count('fail')} failed`] : []),
    ...(count('skip') > 0 ? [`${count('skip')} not looked at`] : []),
  ]
  const sent = [...requests.values()].reduce((sum, one) => sum + one, 0)
  return `${parts.join(', ')} · ${amount(sent, 'registry request')}`
}

/** The documented JSON document (docs/schema/image-updater-v1.json), with the findings as they are shown. */
export function doctorDocument(
  { context, findings, requests, roles }: Diagnosis,
  items: readonly Finding[],
): { readonly items: readonly unknown[]; readonly [field: string]: unknown } {
  const counts = FINDING_STATES.map((state) => [
    state,
    findings.filter((finding) => finding.state === state).length,
  ])
  return {
    apiVersion: 'image-updater/v1',
    kind: 'DoctorReport',
    context,
    summary: Object.fromEntries(counts),
    items: items.map(findingDocument),
    roles,
    registryRequests: [...requests].map(([host, count]) => ({ host, count })),
  }
}

/** One finding as an item of the document. */
export function findingDocument({
  check,
  state,
  subject,
  message,
  remedy,
}: Finding): Record<string, unknown> {
  return { check, state, subject, message, remedy }
}

/** What `--rbac` prints above the roles, as comments of YAML. */
export function rolesHeading(roles: readonly RoleObject[]): string {
  if (roles.length === 0)
    return '# Which rights are wanted is not known: the API server could not be asked.\n'
  return '# All that the commands make use of here. Bind it with kubectl create rolebinding or clusterrolebinding.\n'
}
