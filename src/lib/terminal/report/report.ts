import type { FilePlace } from '../../engine/application-store.ts'
import type { UserError } from '../../errors.ts'
import { errorText } from '../error-line.ts'

/** What a command found, for programs of CI. Text is raw. */
export interface Report {
  /** The command, `check`. */
  readonly name: string
  /** What people read above it. */
  readonly title: string
  /** How many there are of what: `1 update available, 2 errors`. */
  readonly counts: string
  /** The headers of the cells of its entries. */
  readonly headers: readonly string[]
  readonly entries: readonly ReportEntry[]
}

/** One thing that a command found, or what kept it from looking. */
export interface ReportEntry {
  /** As SARIF has it; `none`: nothing to tell. */
  readonly level: 'error' | 'warning' | 'note' | 'none'
  /** What it is in a list of tests. */
  readonly outcome: 'error' | 'failure' | 'skipped' | 'passed'
  /** Its kind, stable for scripts, and what that means. */
  readonly rule: string
  readonly meaning: string
  /** The object that it is about: `argocd/shop`, with the context in front where several were looked at. */
  readonly object: string
  /** What of the object: an image, a key; '' for the whole. */
  readonly subject: string
  /** From what to what; '' where nothing changes. */
  readonly change: string
  readonly text: string
  readonly place: FilePlace | undefined
  /** Further words that tell it from others of the same object, subject and rule. */
  readonly detail: string
  readonly cells: readonly string[]
}

/** An error that is about no single object. */
export function errorEntry(error: UserError, name: string, cells: readonly string[]): ReportEntry {
  return {
    cells,
    change: '',
    detail: error.message,
    level: 'error',
    meaning: 'Something could not be looked at',
    object: name,
    outcome: 'error',
    place: undefined,
    rule: `${name}-failed`,
    subject: '',
    text: errorText(error),
  }
}
