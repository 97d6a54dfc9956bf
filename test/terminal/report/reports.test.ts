import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' }
import { Ajv } from 'ajv'
import { expect, it, onTestFinished } from 'vitest'
import type { LintedFinding } from '../../../src/lib/engine/lint/lint.ts'
import type { Severity } from '../../../src/lib/rules/lint/finding.ts'
import { checkReport } from '../../../src/lib/terminal/report/check-report.ts'
import { junitReport } from '../../../src/lib/terminal/report/junit.ts'
import { lintReport } from '../../../src/lib/terminal/report/lint-report.ts'
import { markdownReport } from '../../../src/lib/terminal/report/markdown.ts'
import type { Report } from '../../../src/lib/terminal/report/report.ts'
import { parseReports } from '../../../src/lib/terminal/report/report-flag.ts'
import { sarifReport } from '../../../src/lib/terminal/report/sarif.ts'
import { writeReport } from '../../../src/lib/terminal/report/write-report.ts'
import { applicationOf } from '../../engine/world.ts'
import { checkedRows } from '../checked-rows.ts'

async function report(updatesFail = false): Promise<Report> {
  const versions = { '1.4.2': {}, '1.5.0': {} }
  const rows = await checkedRows(
    { 'org/none': { main: {} }, 'org/same': versions, 'org/web': versions },
    {
      kustomize: ['org/web:1.4.2', 'org/same:1.5.0', 'org/none:1'],
      rules: {
        'faulty.allow-tags': '^v1',
        'image-list': 'web=org/web, same=org/same, none=org/none, gone=org/gone, faulty=org/faulty',
      },
    },
  )
  const place = { file: 'apps/my shop.yaml', line: 5 }
  return checkReport(
    rows.map((row) => ({ context: '', place, row })),
    [],
    updatesFail,
  )
}

const finding = (more: Partial<LintedFinding>): LintedFinding => ({
  alias: 'web',
  application: undefined,
  code: 'bad-glob',
  fixable: false,
  key: 'web.ignore-tags',
  origin: { kind: 'annotation', object: 'argocd/shop' },
  problem: 'the bracket is not closed',
  remedy: 'Close it',
  severity: 'error',
  value: '[a-',
  ...more,
})

/** Two findings of one Application, one of a resource, and an Application with nothing to say. */
function linted(fails: Severity | undefined): Report {
  return lintReport({
    applications: [applicationOf({ name: 'shop' }), applicationOf({ name: 'sound' })],
    fails,
    findings: [
      finding({}),
      finding({ code: 'deprecated-strategy', key: 'web.update-strategy', severity: 'warning' }),
      finding({
        code: 'image-updater',
        key: 'spec.applicationRefs[0]',
        origin: { kind: 'image-updater', object: 'argocd/rules' },
        severity: 'info',
      }),
    ],
    placeOf: ({ key }) => (key === 'web.ignore-tags' ? { file: 'apps/shop.yaml', line: 9 } : undefined),
    problems: [],
  })
}

it('an entry says what is the matter, by the codes of lint where a rule is', async () => {
  const found = (await report()).entries.map(({ level, rule, subject }) => [subject, level, rule])
  expect(found).toContainEqual(['web', 'warning', 'update-available'])
  expect(found).toContainEqual(['same', 'none', 'up-to-date'])
  expect(found).toContainEqual(['none', 'note', 'not-updated'])
  expect(found).toContainEqual(['gone', 'error', 'check-failed'])
  const faulty = found.find(([image]) => image === 'faulty')
  expect(faulty?.[1]).toBe('error')
  expect(faulty?.[2]).not.toBe('check-failed')
})

it('JUnit: an update is a failure only where it fails the run', async () => {
  const strict = junitReport(await report(true))
  expect(strict).toContain('tests="5" failures="1" errors="2" skipped="1"')
  expect(strict).toMatch(
    /name="web" file="apps\/my shop.yaml" line="5" time="0">\s+<failure type="update-available" message="1.4.2 → 1.5.0: /,
  )
  const lenient = junitReport(await report())
  expect(lenient).toContain('tests="5" failures="0" errors="2" skipped="2"')
  expect(lenient).toContain('<skipped message="1.4.2 → 1.5.0: ')
})

it('SARIF: results with file, line and rule; what is up to date is none', async () => {
  const log = JSON.parse(sarifReport(await report(), '1.2.3'))
  const [{ results, tool }] = log.runs
  expect(results).toHaveLength(4)
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId)
  const update = results.find(({ ruleId }: { ruleId: string }) => ruleId === 'update-available')
  expect(update).toMatchObject({
    level: 'warning',
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'apps/my%20shop.yaml' },
          region: { startLine: 5 },
        },
      },
    ],
  })
})

it('SARIF: fits the schema of the standard, in files and in a cluster', async () => {
  const ajv = new Ajv({ strict: false, unicodeRegExp: false, validateFormats: false })
  // It is of draft 4, whose `id` is called otherwise now; nothing else in it differs.
  const { $schema: _draft, id: _id, ...schema } = sarifSchema
  const valid = ajv.compile(schema)
  const found = await report()
  const inCluster = found.entries.map((entry) => ({ ...entry, place: undefined }))
  for (const entries of [found.entries, inCluster, [], linted('error').entries]) {
    const fits = valid(JSON.parse(sarifReport({ ...found, entries }, '1.2.3')))
    expect(fits, ajv.errorsText(valid.errors)).toBe(true)
  }
  expect(valid({ version: '2.1.0', runs: [{ results: [{}] }] })).toBe(false)
})

it('Markdown: a table of what needs eyes, errors first, and numbers', async () => {
  const lines = markdownReport(await report()).split('\n')
  expect(lines[2]).toBe('1 update available, 1 not updated, 1 up to date, 2 errors')
  const rows = lines.filter((line) => line.startsWith('| <code>'))
  expect(rows).toHaveLength(4)
  expect(rows.slice(0, 2).every((row) => row.includes('<code>ERROR '))).toBe(true)
})

it('Markdown: a long list is cut, and says so', async () => {
  const found = await report()
  const [first] = found.entries.filter(({ level }) => level === 'warning')
  if (!first) throw new Error('no update')
  const text = markdownReport({ ...found, entries: Array.from({ length: 10_000 }, () => first) })
  expect(text).toContain('… and 9800 more')
})

it('lint: what fails the run is a failure, an Application without findings has passed', () => {
  expect(junitReport(linted(undefined))).toContain('tests="4" failures="0" errors="0" skipped="3"')
  expect(junitReport(linted('error'))).toContain('tests="4" failures="1" errors="0" skipped="2"')
  const strict = junitReport(linted('info'))
  expect(strict).toContain('tests="4" failures="3" errors="0" skipped="0"')
  expect(strict).toContain('<testcase classname="argocd/sound" name="lint" time="0"/>')
  expect(strict).toContain(
    '<testcase classname="argocd/shop" name="web.ignore-tags bad-glob" file="apps/shop.yaml" line="9" time="0">',
  )
})

it('lint: SARIF has each finding by its code, with what the code means and the page that says so', () => {
  const [{ results, tool }] = JSON.parse(sarifReport(linted(undefined), '1.2.3')).runs
  expect(results.map(({ level, ruleId }: Record<string, string>) => [level, ruleId])).toEqual([
    ['error', 'bad-glob'],
    ['warning', 'deprecated-strategy'],
    ['note', 'image-updater'],
  ])
  expect(results[0].message.text).toBe(
    'argocd/shop web.ignore-tags: "[a-": the bracket is not closed. Close it',
  )
  expect(results[0].locations[0].physicalLocation.region.startLine).toBe(9)
  expect(results[1].locations[0].physicalLocation).toBeUndefined()
  expect(results[2].locations[0].logicalLocations[0].fullyQualifiedName).toMatch(
    /^imageupdater\/argocd\/rules /,
  )
  expect(tool.driver.rules[0]).toMatchObject({
    helpUri: expect.stringMatching(/docs\/lint\.md$/),
    shortDescription: { text: 'A malformed pattern in ignore-tags' },
  })
})

it('lint: Markdown counts and lists', () => {
  const lines = markdownReport(linted(undefined)).split('\n')
  expect(lines[0]).toBe('## Image rules')
  expect(lines[2]).toBe('1 error, 1 warning, 1 info in 2 Applications')
  expect(lines.filter((line) => line.startsWith('| <code>'))).toHaveLength(3)
})

it('a file is whole, and nothing else is left beside it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'report-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'report.xml')
  await writeReport(file, 'old')
  await writeReport(file, 'new')
  expect(await readFile(file, 'utf8')).toBe('new')
  await expect(writeReport(join(folder, 'absent', 'x'), '')).rejects.toThrow('cannot write the report')
  await expect(writeReport(join(file, 'x'), '')).rejects.toThrow('cannot write the report')
  expect(await readdir(folder)).toEqual(['report.xml'])
})

it.each([
  [['junt=a'], '', /"junt" is not a report format/],
  [['junit'], '', /names no file/],
  [['junit=a', 'sarif=a'], '', /writes a twice/],
  [['junit=-'], '-o json', /both want standard output/],
])('refuses %s beside "%s"', (values, rival, message) => {
  expect(() => parseReports(values, rival)).toThrow(message)
})

it('is read by an XML parser that knows nothing of this program', async () => {
  const found = await report()
  const [first] = found.entries
  if (!first) throw new Error('no entry')
  const hostile = 'a\u0000\u001b]]>&<b x="1">\'\uFFFE\uD800\u0085'
  const text = junitReport({ ...found, entries: [{ ...first, object: hostile, text: hostile }] })
  const script = 'import sys, xml.dom.minidom as m; m.parseString(sys.stdin.buffer.read()); print("read")'
  expect(execFileSync('python3', ['-c', script], { encoding: 'utf8', input: text })).toBe('read\n')
})
