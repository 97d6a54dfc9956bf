import { createHash } from 'node:crypto'
import { isAbsolute, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { printable } from '../escape.ts'
import { applicationText, type ReportEntry } from './report-entry.ts'

const LEVELS = { error: 'error', kept: 'note', update: 'warning' } as const
const HELP: Readonly<Record<string, string>> = {
  'check-failed': 'An image could not be checked',
  'not-updated': 'An image is not updated, and why',
  'update-available': 'A newer image is available',
}

/**
 * A report in SARIF 2.1.0. What is up to date is no result. Files are named relative to the working directory,
 * as code scanning wants them; in a cluster a result has a logical location only.
 */
export function sarifReport(entries: readonly ReportEntry[], version: string): string {
  const told = entries.filter((entry) => entry.result !== 'current')
  const rules = [...new Set(told.map(({ rule }) => rule))].toSorted()
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'kubectl image-updater',
            semanticVersion: version,
            informationUri: 'https://github.com/kubectl-image-updater/kubectl-image-updater',
            rules: rules.map((id) => ({
              id,
              shortDescription: { text: HELP[id] ?? `A rule that cannot be used: ${id}` },
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
  const { available, image, place, rule, running, text } = entry
  const name = [applicationText(entry), image].filter((part) => part !== '').join(' ')
  const change = entry.result === 'update' ? ` ${running || 'nothing'} → ${available}` : ''
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level: LEVELS[entry.result === 'current' ? 'kept' : entry.result],
    message: { text: printable(`${name}${change}: ${text}`) },
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
    // The same finding stays the same when lines move and newer tags come.
    partialFingerprints: {
      'imageUpdater/v1': createHash('sha256').update([name, rule].join('\n')).digest('hex'),
    },
  }
}

/** Relative to the working directory where the file is in it. */
function uriOf(file: string): string {
  const near = relative(process.cwd(), file)
  if (near.startsWith('..') || isAbsolute(near)) return pathToFileURL(file).href
  return near.split(sep).map(encodeURIComponent).join('/')
}
