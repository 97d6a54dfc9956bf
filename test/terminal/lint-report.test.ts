import { describe, expect, it } from 'vitest'
import type { LintedFinding } from '../../src/lib/engine/lint/lint.ts'
import { chooseColour } from '../../src/lib/terminal/colour.ts'
import {
  findingDocument,
  lintColumns,
  lintedName,
  lintSummary,
  renderFindings,
} from '../../src/lib/terminal/lint-report.ts'

const PLAIN = chooseColour('never', {}, {})

function finding(more: Partial<LintedFinding> = {}): LintedFinding {
  return {
    severity: 'warning',
    code: 'deprecated-strategy',
    origin: { kind: 'annotation', object: 'argocd/shop' },
    alias: 'app',
    key: 'app.update-strategy',
    value: 'latest',
    problem: '"latest" is the former name of the strategy newest-build',
    remedy: 'Write newest-build',
    fixable: true,
    application: undefined,
    ...more,
  }
}

function render(findings: readonly LintedFinding[], width?: number, headers = true): string {
  return renderFindings(findings, lintColumns(PLAIN, false), { headers, width })
}

describe('findings for people', () => {
  it('are a line of columns and sentences below', () => {
    expect(render([finding()])).toBe(
      [
        'SEVERITY   OBJECT   KEY                   CODE',
        'warning    shop     app.update-strategy   deprecated-strategy',
        '           "latest" is the former name of the strategy newest-build',
        '           → Write newest-build (--fix does it)',
        '',
      ].join('\n'),
    )
  })

  it('say the same once', () => {
    const other = finding({ code: 'unknown-key', fixable: false, problem: 'no', remedy: 'Yes', value: '' })
    const twin = finding({ origin: { kind: 'annotation', object: 'argocd/web' } })
    expect(render([finding(), other, twin], undefined, false)).toBe(
      [
        'warning   shop   app.update-strategy   deprecated-strategy',
        'warning   web    app.update-strategy   deprecated-strategy',
        '           "latest" is the former name of the strategy newest-build',
        '           → Write newest-build (--fix does it)',
        'warning   shop   app.update-strategy   unknown-key',
        '           no',
        '           → Yes',
        '',
      ].join('\n'),
    )
  })

  it('are wrapped at the width of the terminal', () => {
    const lines = render([finding({ problem: 'word '.repeat(40).trim() })], 80).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(lines.length).toBeGreaterThan(5)
  })

  it('cannot harm the terminal', () => {
    expect(render([finding({ key: '\u001b[2J', problem: 'a\u001b]0;x\u0007b\nc' })])).not.toMatch(
      /[\u0007\u001b]/,
    )
  })

  it('name the value where the problem does not', () => {
    expect(render([finding({ problem: 'it has no keyword', value: '^v1' })])).toContain(
      '"^v1": it has no keyword',
    )
  })

  it('are nothing where there are none', () => {
    expect(render([])).toBe('')
  })
})

it('an ImageUpdater resource is named as one', () => {
  const ofResource = finding({ origin: { kind: 'image-updater', object: 'argocd/team' } })
  expect(render([ofResource])).toContain('imageupdater/team')
  expect(lintedName(ofResource)).toBe('imageupdater.argocd-image-updater.argoproj.io/team')
  expect(findingDocument(ofResource)).toMatchObject({
    object: { kind: 'ImageUpdater', name: 'team', namespace: 'argocd' },
  })
})

it.each([
  [[], 0, 'There is no Application here; -A looks in all namespaces'],
  [[], 2, 'Nothing to say about the rules of 2 Applications'],
  [[finding({ fixable: false })], 1, '1 warning in 1 Application'],
  [
    [
      finding(),
      finding({ severity: 'error' }),
      finding({ severity: 'error' }),
      finding({ severity: 'info' }),
    ],
    3,
    '2 errors, 1 warning, 1 info in 3 Applications; 4 can be put right with --fix',
  ],
])('the summary of %# findings', (findings, applications, text) => {
  expect(lintSummary(findings, applications)).toBe(text)
})
