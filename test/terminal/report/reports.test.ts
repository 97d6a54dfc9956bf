import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' }
import { Ajv } from 'ajv'
import { expect, it, onTestFinished } from 'vitest'
import { junitReport } from '../../../src/lib/terminal/report/junit.ts'
import { markdownReport } from '../../../src/lib/terminal/report/markdown.ts'
import { imageEntry, type ReportEntry } from '../../../src/lib/terminal/report/report-entry.ts'
import { parseReports } from '../../../src/lib/terminal/report/report-flag.ts'
import { sarifReport } from '../../../src/lib/terminal/report/sarif.ts'
import { writeReport } from '../../../src/lib/terminal/report/write-report.ts'
import { checkedRows } from '../checked-rows.ts'

async function entries(): Promise<ReportEntry[]> {
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
  return rows.map((row) => imageEntry(row, { file: 'apps/my shop.yaml', line: 5 }))
}

it('an entry says what is the matter, by the codes of lint where a rule is', async () => {
  const found = (await entries()).map(({ image, result, rule }) => [image, result, rule])
  expect(found).toContainEqual(['web', 'update', 'update-available'])
  expect(found).toContainEqual(['same', 'current', 'up-to-date'])
  expect(found).toContainEqual(['none', 'kept', 'not-updated'])
  expect(found).toContainEqual(['gone', 'error', 'check-failed'])
  const faulty = found.find(([image]) => image === 'faulty')
  expect(faulty?.[1]).toBe('error')
  expect(faulty?.[2]).not.toBe('check-failed')
})

it('JUnit: an update is a failure only where it fails the run', async () => {
  const found = await entries()
  const strict = junitReport(found, true)
  expect(strict).toContain('tests="5" failures="1" errors="2" skipped="1"')
  expect(strict).toMatch(
    /name="web" file="apps\/my shop.yaml" line="5" time="0">\s+<failure type="update-available" message="1.4.2 → 1.5.0: /,
  )
  const lenient = junitReport(found, false)
  expect(lenient).toContain('tests="5" failures="0" errors="2" skipped="2"')
  expect(lenient).toContain('<skipped message="1.4.2 → 1.5.0: ')
})

it('SARIF: results with file, line and rule; what is up to date is none', async () => {
  const log = JSON.parse(sarifReport(await entries(), '1.2.3'))
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
  const found = await entries()
  const inCluster = found.map((entry) => ({ ...entry, place: undefined }))
  for (const list of [found, inCluster, []]) {
    const fits = valid(JSON.parse(sarifReport(list, '1.2.3')))
    expect(fits, ajv.errorsText(valid.errors)).toBe(true)
  }
  expect(valid({ version: '2.1.0', runs: [{ results: [{}] }] })).toBe(false)
})

it('Markdown: a table of what needs eyes, errors first, and numbers', async () => {
  const lines = markdownReport(await entries()).split('\n')
  expect(lines[2]).toBe('1 update available, 1 not updated, 1 up to date, 2 errors')
  const rows = lines.filter((line) => line.startsWith('| <code>'))
  expect(rows).toHaveLength(4)
  expect(rows.slice(0, 2).every((row) => row.includes('<code>ERROR '))).toBe(true)
})

it('Markdown: a long list is cut, and says so', async () => {
  const [first] = (await entries()).filter(({ result }) => result === 'update')
  const text = markdownReport(Array.from({ length: 10_000 }, () => first as ReportEntry))
  expect(text).toContain('10000 updates available')
  expect(text).toContain('… and 9800 more')
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
  [['junt=a'], undefined, /"junt" is not a report format/],
  [['junit'], undefined, /names no file/],
  [['junit=a', 'sarif=a'], undefined, /writes a twice/],
  [['junit=-'], 'json', /both want standard output/],
])('refuses %s with -o %s', (values, output, message) => {
  expect(() => parseReports(values, output)).toThrow(message)
})

it('is read by an XML parser that knows nothing of this program', async () => {
  const [first] = await entries()
  const hostile = 'a\u0000\u001b]]>&<b x="1">\'\uFFFE\uD800\u0085'
  const text = junitReport([{ ...(first as ReportEntry), application: hostile, text: hostile }], true)
  const script = 'import sys, xml.dom.minidom as m; m.parseString(sys.stdin.buffer.read()); print("read")'
  expect(execFileSync('python3', ['-c', script], { encoding: 'utf8', input: text })).toBe('read\n')
})
