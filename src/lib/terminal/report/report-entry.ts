import type { FilePlace } from '../../engine/application-store.ts'
import { type CheckedImage, isUpdatable, RuleFault } from '../../engine/checked-image.ts'
import type { UserError } from '../../errors.ts'
import { findingOfProblem } from '../../rules/lint/finding.ts'
import { actionText, availableText, imageName, runningText } from '../checked-images.ts'
import { errorText } from '../error-line.ts'

/** One line of a report: an image of an Application, or what kept the check from looking at one. Text is raw. */
export interface ReportEntry {
  readonly result: 'error' | 'update' | 'kept' | 'current'
  /** `update-available`, `not-updated`, `up-to-date`, `check-failed`, or the code that `lint` gives to the fault. */
  readonly rule: string
  /** '' where no Application is to blame. */
  readonly application: string
  readonly namespace: string
  readonly context: string
  /** The alias, or the last part of the repository. */
  readonly image: string
  readonly repository: string
  readonly running: string
  readonly available: string
  /** What would be done, or why nothing. */
  readonly text: string
  readonly place: FilePlace | undefined
}

/** A checked image as an entry. */
export function imageEntry(row: CheckedImage, place: FilePlace | undefined, context = ''): ReportEntry {
  const { name, namespace = '' } = row.application.metadata
  return {
    ...verdict(row),
    application: name,
    available: availableText(row),
    context,
    image: imageName(row),
    namespace,
    place,
    repository: row.image,
    running: runningText(row),
    text: row.state === 'failed' ? errorText(row.error) : actionText(row),
  }
}

/** An error that is about no single image: an Application or a cluster that cannot be read. */
export function errorEntry(error: UserError): ReportEntry {
  return {
    application: '',
    available: '',
    context: '',
    image: '',
    namespace: '',
    place: undefined,
    repository: '',
    result: 'error',
    rule: 'check-failed',
    running: '',
    text: errorText(error),
  }
}

/** `argocd/shop`; with the context in front where several were looked at. */
export function applicationText({ application, context, namespace }: ReportEntry): string {
  return [context, namespace, application].filter((part) => part !== '').join('/') || 'check'
}

function verdict(row: CheckedImage): Pick<ReportEntry, 'result' | 'rule'> {
  if (row.state === 'failed') {
    const rule = row.error instanceof RuleFault ? findingOfProblem(row.error.fault).code : 'check-failed'
    return { result: 'error', rule }
  }
  if (isUpdatable(row)) return { result: 'update', rule: 'update-available' }
  if (row.decision.kind === 'up-to-date') return { result: 'current', rule: 'up-to-date' }
  return { result: 'kept', rule: 'not-updated' }
}
