import { printableLines } from '../escape.ts'
import type { Report, ReportEntry } from './report.ts'

/**
 * A JUnit report: a suite an object, a case an image or a finding. What could not be looked at is an error; what
 * fails the run is a failure; everything else that there is to tell is skipped, and says why.
 */
export function junitReport({ entries, name }: Report): string {
  const suites = [...Map.groupBy(entries, ({ object }) => object)].map(
    ([object, of]) =>
      `  <testsuite name="${xml(object)}" ${counts(of)}>\n${of.map((entry) => testCase(entry, name)).join('')}  </testsuite>\n`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="kubectl image-updater ${name}" ${counts(entries)}>\n${suites.join('')}</testsuites>\n`
}

function counts(entries: readonly ReportEntry[]): string {
  const count = (outcome: ReportEntry['outcome']) =>
    entries.filter((entry) => entry.outcome === outcome).length
  return `tests="${entries.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="0"`
}

function testCase(entry: ReportEntry, report: string): string {
  const { object, outcome, place, rule } = entry
  const file = place ? ` file="${xml(place.file)}" line="${place.line}"` : ''
  const head = `    <testcase classname="${xml(object)}" name="${xml(caseName(entry, report))}"${file} time="0"`
  if (outcome === 'passed') return `${head}/>\n`
  const message = xml(messageOf(entry))
  if (outcome === 'skipped') return `${head}>\n      <skipped message="${message}"/>\n    </testcase>\n`
  return `${head}>\n      <${outcome} type="${xml(rule)}" message="${message}">${message}</${outcome}>\n    </testcase>\n`
}

/** A check looks at each image once; lint may have several things to say of a key. */
function caseName({ level, rule, subject }: ReportEntry, report: string): string {
  if (report === 'lint' && level !== 'none') return [subject, rule].filter((part) => part !== '').join(' ')
  return subject || report
}

function messageOf({ change, text }: ReportEntry): string {
  return change === '' ? text : `${change}: ${text}`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '"': '&quot;',
  '&': '&amp;',
  "'": '&apos;',
  '<': '&lt;',
  '>': '&gt;',
}

/** Text in XML 1.0, which has no way to write most control characters: they are shown as escapes. */
function xml(text: string): string {
  return printableLines(text)
    .replace(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    .replace(/\n/g, '&#10;')
    .replace(/\t/g, '&#9;')
}
