import { amount } from '../../amount.ts'
import type { FilePlace } from '../../engine/application-store.ts'
import { type CheckedImage, isUpdatable, RuleFault } from '../../engine/checked-image.ts'
import type { UserError } from '../../errors.ts'
import { findingOfProblem } from '../../rules/lint/finding.ts'
import { LINT_CODES } from '../../rules/lint/lint-code.ts'
import { actionText, availableText, imageName, runningText } from '../checked-images.ts'
import { errorText } from '../error-line.ts'
import { errorEntry, type Report, type ReportEntry } from './report.ts'

/** An image, where its rule is, and its context where there are several. */
export interface ReportedImage {
  readonly row: CheckedImage
  readonly place: FilePlace | undefined
  readonly context: string
}

/**
 * The report of a check. In a list of tests an available update is a failure only where it also fails the run
 * (`--exit-code`), so that the list and the job are red together.
 */
export function checkReport(
  images: readonly ReportedImage[],
  problems: readonly UserError[],
  updatesFail: boolean,
): Report {
  const entries = [
    ...problems.map((error) =>
      errorEntry(error, 'check', ['check', '', '', '', `ERROR ${errorText(error)}`]),
    ),
    ...images.map((image) => imageEntry(image, updatesFail)),
  ]
  const count = (rule: string) => entries.filter((entry) => entry.rule === rule).length
  return {
    counts: [
      `${amount(count('update-available'), 'update')} available`,
      `${count('not-updated')} not updated`,
      `${count('up-to-date')} up to date`,
      amount(entries.filter(({ level }) => level === 'error').length, 'error'),
    ].join(', '),
    entries,
    headers: ['Application', 'Image', 'Running', 'Available', 'Action'],
    name: 'check',
    title: 'Image updates',
  }
}

type Verdict = Pick<ReportEntry, 'level' | 'meaning' | 'outcome' | 'rule'>

function imageEntry({ context, place, row }: ReportedImage, updatesFail: boolean): ReportEntry {
  const { name, namespace = '' } = row.application.metadata
  const object = [context, namespace, name].filter((part) => part !== '').join('/')
  const [running, available, image] = [runningText(row), availableText(row), imageName(row)]
  const text = row.state === 'failed' ? errorText(row.error) : actionText(row)
  const action = row.state === 'failed' ? `ERROR ${text}` : text
  const where = place ? `${object} (${place.file}:${place.line})` : object
  return {
    ...verdict(row, updatesFail),
    cells: [where, image, running, available, action],
    change: isUpdatable(row) ? `${running || 'nothing'} → ${available}` : '',
    // The same finding stays the same when newer tags come.
    detail: '',
    object,
    place,
    subject: image,
    text,
  }
}

function verdict(row: CheckedImage, updatesFail: boolean): Verdict {
  if (row.state === 'failed') {
    if (!(row.error instanceof RuleFault))
      return {
        level: 'error',
        meaning: 'An image could not be checked',
        outcome: 'error',
        rule: 'check-failed',
      }
    const { code } = findingOfProblem(row.error.fault)
    return {
      level: 'error',
      meaning: `A rule that cannot be used: ${LINT_CODES[code]}`,
      outcome: 'error',
      rule: code,
    }
  }
  if (isUpdatable(row))
    return {
      level: 'warning',
      meaning: 'A newer image is available',
      outcome: updatesFail ? 'failure' : 'skipped',
      rule: 'update-available',
    }
  if (row.decision.kind === 'up-to-date')
    return { level: 'none', meaning: 'An image is up to date', outcome: 'passed', rule: 'up-to-date' }
  return {
    level: 'note',
    meaning: 'An image is not updated, and why',
    outcome: 'skipped',
    rule: 'not-updated',
  }
}
