import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/lib/engine/doctor/doctor.ts'
import { type Finding, findingsOf } from '../../src/lib/engine/doctor/finding.ts'
import { rolesFor } from '../../src/lib/engine/doctor/roles.ts'
import { chooseColour } from '../../src/lib/terminal/colour.ts'
import {
  doctorColumns,
  doctorDocument,
  doctorSummary,
  renderDiagnosis,
  rolesHeading,
} from '../../src/lib/terminal/doctor-report.ts'
import { renderTable } from '../../src/lib/terminal/table.ts'
import { objections } from '../schema/schema.ts'

const PLAIN = chooseColour('never', {}, {})
const FINDINGS: readonly Finding[] = [
  findingsOf('versions')('ok', 'node', 'kubectl image-updater v1.0.0, Node v26.0.0'),
  findingsOf('versions')('warn', 'kubectl', 'kubectl is not in the PATH', 'Install it'),
  findingsOf('cluster')('fail', '', 'connection refused', 'Is the cluster running?'),
  findingsOf('rights')('skip', '', 'not looked at: it needs an API server that answers'),
]

function diagnosis(more: Partial<Diagnosis> = {}): Diagnosis {
  return { context: 'prod', findings: FINDINGS, roles: [], requests: new Map(), ...more }
}

describe('for people', () => {
  it('a finding is a line with mark and word, and below it what to do', () => {
    expect(renderDiagnosis(FINDINGS, Number.POSITIVE_INFINITY, PLAIN)).toBe(
      [
        'versions    ✓ ok    kubectl image-updater v1.0.0, Node v26.0.0',
        '            ! warn  kubectl is not in the PATH',
        '                    → Install it',
        'cluster     ✗ fail  connection refused',
        '                    → Is the cluster running?',
        'rights      - skip  not looked at: it needs an API server that answers',
        '',
      ].join('\n'),
    )
  })

  it('long lines hang under themselves on a narrow terminal', () => {
    const long = [findingsOf('rights')('ok', '', 'one two three four five six', 'seven eight nine ten')]
    expect(renderDiagnosis(long, 44, PLAIN)).toBe(
      [
        'rights      ✓ ok    one two three four five',
        '                    six',
        '                    → seven eight nine ten',
        '',
      ].join('\n'),
    )
  })

  it('text from outside cannot reach the terminal as it is', () => {
    const hostile = [findingsOf('registry')('fail', 'x', 'it says \u001b[2J')]
    expect(renderDiagnosis(hostile, Number.POSITIVE_INFINITY, PLAIN)).not.toContain('\u001b')
  })

  it('colour comes on top of mark and word', () => {
    const painted = renderDiagnosis(FINDINGS, Number.POSITIVE_INFINITY, chooseColour('always', {}, {}))
    expect(painted).toContain('\u001b[31m✗ fail')
    expect(painted).toContain('\u001b[32m✓ ok')
  })

  it('the sum is told, with what it cost', () => {
    const requests = new Map([
      ['registry-1.docker.io', 2],
      ['auth.docker.io', 1],
    ])
    expect(doctorSummary(diagnosis({ requests }))).toBe(
      '1 ok, 1 warning, 1 failed, 1 not looked at · 3 registry requests',
    )
    expect(doctorSummary(diagnosis({ findings: FINDINGS.slice(0, 1) }))).toBe('1 ok · 0 registry requests')
  })

  it('-o wide is a table', () => {
    expect(renderTable(doctorColumns(PLAIN), FINDINGS.slice(1, 2))).toBe(
      [
        'STATE   CHECK      SUBJECT   MESSAGE                      REMEDY',
        'warn    versions   kubectl   kubectl is not in the PATH   Install it',
        '',
      ].join('\n'),
    )
  })
})

describe('for programs', () => {
  const rights = [
    { group: '', name: 'regcred', namespace: 'argocd', resource: 'secrets', verb: 'get' },
    { group: 'argoproj.io', namespace: '', resource: 'applications', verb: 'list' },
  ]

  it('the document fits the schema', () => {
    const whole = diagnosis({ roles: rolesFor(rights), requests: new Map([['ghcr.io', 2]]) })
    const document = doctorDocument(whole, FINDINGS)
    expect(objections(document)).toBe('')
    expect(document).toMatchObject({
      kind: 'DoctorReport',
      registryRequests: [{ count: 2, host: 'ghcr.io' }],
      summary: { fail: 1, ok: 1, skip: 1, warn: 1 },
    })
    expect(objections(doctorDocument(diagnosis({ context: '', findings: [] }), []))).toBe('')
  })

  it('roles are headed by what to do with them', () => {
    expect(rolesHeading([])).toMatch(/^# Which rights are wanted is not known: .*\n$/)
    expect(rolesHeading(rolesFor(rights))).toMatch(
      /^# All that the commands make use of here\. Bind it .*\n$/,
    )
  })
})
