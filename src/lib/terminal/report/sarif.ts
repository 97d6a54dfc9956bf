import { createHash } from 'node:crypto'
import { isAbsolute, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { printable } from '../escape.ts'
import type { Report, ReportEntry } from './report.ts'

const HOME = 'https://github.com/kubectl-image-updater/kubectl-image-updater'
/** Codes that `check` alone has; all others are those of lint, and its page says what each means. */
const OF_CHECK = ['check-failed', 'not-updated', 'update-available']

/**
 * A report in SARIF 2.1.0. What is well is no result. Files are named relative to the working directory,
 * as code scanning wants them; in a cluster a result has a logical location only.
 */
export function sarifReport({ entries }: Report, version: string): string {
  const told = entries.filter(({ level }) => level !== 'none')
  const meanings = new Map(told.map(({ meaning, rule }) => [rule, meaning]))
  const rules = [...meanings.keys()].toSorted()
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'kubectl image-updater',
            semanticVersion: version,
            informationUri: HOME,
            rules: rules.map((id) => ({
              id,
              shortDescription: { text: meanings.get(id) },
              helpUri: `${HOME}/blob/main/docs/${OF_CHECK.includes(id) ? 'continuous-integration' : 'lint'}.md`,
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: told.map((entry) => result(entry, rules)),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function result(entry: ReportEntry, rules: readonly string[]): object {
  const { change, detail, level, object, place, rule, subject, text } = entry
  const name = [object, subject].filter((part) => part !== '').join(' ')
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level,
    message: { text: printable(`${[name, change].filter((part) => part !== '').join(' ')}: ${text}`) },
    locations: [
      {
        ...(place && {
          physicalLocation: {
            artifactLocation: { uri: uriOf(place.file) },
            region: { startLine: place.line },
          },
        }),
        logicalLocations: [{ fullyQualifiedName: printable(name), kind: 'resource' }],
      },
    ],
    // The same finding stays the same when lines move.
    partialFingerprints: {
      'imageUpdater/v1': createHash('sha256')
        .update([name, rule, ...(detail === '' ? [] : [detail])].join('\n'))
        .digest('hex'),
    },
  }
}

/** Relative to the working directory where the file is in it. */
function uriOf(file: string): string {
  const near = relative(process.cwd(), file)
  if (near.startsWith('..') || isAbsolute(near)) return pathToFileURL(file).href
  return near.split(sep).map(encodeURIComponent).join('/')
}
