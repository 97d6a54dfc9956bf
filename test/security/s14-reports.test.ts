import { expect, it } from 'vitest'
import { UserError } from '../../src/lib/errors.ts'
import { junitReport } from '../../src/lib/terminal/report/junit.ts'
import { markdownReport } from '../../src/lib/terminal/report/markdown.ts'
import { errorEntry, type Report } from '../../src/lib/terminal/report/report.ts'
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

function hostileReport(text: string): Report {
  const entry = errorEntry(new UserError(text, ''), 'check', Array(5).fill(text))
  const hostile = { ...entry, change: text, object: text, outcome: 'failure' as const, subject: text }
  return {
    counts: '',
    entries: [{ ...hostile, level: 'warning' }],
    headers: ['A', 'B', 'C', 'D', 'E'],
    name: 'check',
    title: 'Hostile',
  }
}

it.each(HOSTILE)('S14: %j is only text in Markdown', (text) => {
  const report = markdownReport(hostileReport(text))
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
  const report = junitReport(hostileReport(text))
  expect(report.match(/<[a-z?/!]/g)).toHaveLength(9)
  expect(report).not.toMatch(/[\p{Cf}\u0000-\u0008\u000b-\u001f]/u)
})

it.each(HOSTILE)('S14: %j stays one line of plain text in SARIF', (text) => {
  const [run] = JSON.parse(sarifReport(hostileReport(text), '1.0.0')).runs
  expect(run.results).toHaveLength(1)
  expect(run.results[0].message.text).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})
