import { expect, it } from 'vitest'
import { UserError } from '../../src/lib/errors.ts'
import { junitReport } from '../../src/lib/terminal/report/junit.ts'
import { markdownReport } from '../../src/lib/terminal/report/markdown.ts'
import { errorEntry, type ReportEntry } from '../../src/lib/terminal/report/report-entry.ts'
import { sarifReport } from '../../src/lib/terminal/report/sarif.ts'

/** What somebody could write into an Application or a tag to be read in a pull request. */
const HOSTILE = [
  'a|b',
  '`code` **bold** [click](https://evil.test)',
  '<img src=x onerror=alert(1)>',
  '@maintainers #1 https://evil.test www.evil.test',
  '</code></td><script>alert(1)</script>',
  'first\n\n# second\r\n| x |',
  '\u001b[31m\u202egnp.exe',
  '&lt;b&gt; \\',
]

function hostileEntry(text: string): ReportEntry {
  const entry = errorEntry(new UserError(text, ''))
  return {
    ...entry,
    application: text,
    available: text,
    image: text,
    namespace: text,
    result: 'update',
    running: text,
  }
}

it.each(HOSTILE)('S14: %j is only text in Markdown', (text) => {
  const report = markdownReport([hostileEntry(text)])
  const row = report.split('\n').filter((line) => line.startsWith('| <code>'))
  expect(row).toHaveLength(1)
  const cells = row.join('').slice(2, -2).split(' | ')
  expect(cells).toHaveLength(5)
  for (const cell of cells) {
    const inside = cell
      .replace(/^<code>/, '')
      .replace(/<\/code>$/, '')
      .replace(/&#\d+;/g, '')
    expect(inside).toMatch(/^[\p{L}\p{N} ]*$/u)
  }
})

it.each(HOSTILE)('S14: %j adds no element to JUnit', (text) => {
  const report = junitReport([hostileEntry(text)], true)
  expect(report.match(/<[a-z?/!]/g)).toHaveLength(9)
  expect(report).not.toMatch(/[\p{Cf}\u0000-\u0008\u000b-\u001f]/u)
})

it.each(HOSTILE)('S14: %j stays one line of plain text in SARIF', (text) => {
  const [run] = JSON.parse(sarifReport([hostileEntry(text)], '1.0.0')).runs
  expect(run.results).toHaveLength(1)
  expect(run.results[0].message.text).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})
