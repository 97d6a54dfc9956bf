import { printableLines } from '../escape.ts'
import { applicationText, type ReportEntry } from './report-entry.ts'

/**
 * A JUnit report: a suite an Application, a case an image. What could not be checked is an error. An available
 * update is a failure only where it also fails the run (`--exit-code`), so that the list of tests and the job
 * are red together; otherwise, and where an update is held back, the case is skipped and says why.
 */
export function junitReport(entries: readonly ReportEntry[], updatesFail: boolean): string {
  const suites = [...Map.groupBy(entries, applicationText)].map(
    ([name, of]) =>
      `  <testsuite name="${xml(name)}" ${counts(of, updatesFail)}>\n${of.map((entry) => testCase(name, entry, updatesFail)).join('')}  </testsuite>\n`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="kubectl image-updater check" ${counts(entries, updatesFail)}>\n${suites.join('')}</testsuites>\n`
}

type Outcome = 'error' | 'failure' | 'skipped' | 'passed'

function outcomeOf({ result }: ReportEntry, updatesFail: boolean): Outcome {
  if (result === 'error') return 'error'
  if (result === 'current') return 'passed'
  return result === 'update' && updatesFail ? 'failure' : 'skipped'
}

function counts(entries: readonly ReportEntry[], updatesFail: boolean): string {
  const count = (outcome: Outcome) =>
    entries.filter((entry) => outcomeOf(entry, updatesFail) === outcome).length
  return `tests="${entries.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="0"`
}

function testCase(suite: string, entry: ReportEntry, updatesFail: boolean): string {
  const { image, place, rule } = entry
  const file = place ? ` file="${xml(place.file)}" line="${place.line}"` : ''
  const head = `    <testcase classname="${xml(suite)}" name="${xml(image || 'check')}"${file} time="0"`
  const outcome = outcomeOf(entry, updatesFail)
  if (outcome === 'passed') return `${head}/>\n`
  const message = xml(messageOf(entry))
  if (outcome === 'skipped') return `${head}>\n      <skipped message="${message}"/>\n    </testcase>\n`
  return `${head}>\n      <${outcome} type="${xml(rule)}" message="${message}">${message}</${outcome}>\n    </testcase>\n`
}

function messageOf({ available, result, running, text }: ReportEntry): string {
  return result === 'update' ? `${running || 'nothing'} → ${available}: ${text}` : text
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
