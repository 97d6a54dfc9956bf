import type { Key } from './keys.ts'
import type { LiveRow } from './live-row.ts'

/** What is done with one row. */
export type RowAction = 'explain' | 'approve' | 'diff' | 'skip' | 'hold' | 'history'
/** What is done with the whole watch. */
export type WatchAction = 'approve-all' | 'poll-now' | 'pause' | 'quit'
/** What the view does itself. */
export type ViewAction = 'filter' | 'log' | 'help'

/** What a person (or the end of the terminal) asks for. */
export type LiveAction =
  | { readonly kind: RowAction; readonly row: LiveRow }
  /** `shown`: the rows that the filter leaves; approving all means these. */
  | { readonly kind: WatchAction; readonly shown: readonly LiveRow[]; readonly row?: LiveRow }
  /**
   * Ctrl-C; and `hang-up`, once, when the terminal is gone and nothing can be shown or asked any more. The latter is
   * not told of a SIGHUP for which the process has a listener of its own.
   */
  | { readonly kind: 'interrupt' | 'hang-up' }

/** A key of the table, in the order of the help. */
export interface Binding {
  readonly action: RowAction | WatchAction | ViewAction
  /** The character, or `enter`. */
  readonly key: string
  /** A word for the last line; '' where there is no room for it. */
  readonly word: string
  readonly help: string
  /** Not available in a read-only watch. */
  readonly writes?: boolean
}

export const BINDINGS: readonly Binding[] = [
  { action: 'explain', key: 'enter', word: 'explain', help: 'explain the row: every tag, and why' },
  { action: 'approve', key: 'a', word: 'approve', help: 'approve the update of the row', writes: true },
  { action: 'approve-all', key: 'A', word: 'all', help: 'approve all updates that are shown', writes: true },
  { action: 'diff', key: 'd', word: 'diff', help: 'show what would be written' },
  { action: 'skip', key: 's', word: 'skip', help: 'skip this tag, and wait for the next', writes: true },
  { action: 'hold', key: 'h', word: 'hold', help: 'hold the image, or resume it', writes: true },
  { action: 'history', key: 'H', word: '', help: 'show earlier images' },
  { action: 'poll-now', key: 'r', word: 'poll now', help: 'poll now' },
  { action: 'pause', key: 'p', word: 'pause', help: 'pause polling, or go on' },
  { action: 'filter', key: '/', word: 'filter', help: 'filter the rows; Esc shows all again' },
  { action: 'log', key: 'l', word: 'log', help: 'show or hide the log' },
  { action: 'help', key: '?', word: 'help', help: 'show this help' },
  { action: 'quit', key: 'q', word: 'quit', help: 'quit' },
]

export function bindingOf({ name, text }: Key): Binding | undefined {
  const pressed = name === 'text' ? text : name
  return BINDINGS.find(({ key }) => key === pressed)
}

const ROW_ACTIONS: ReadonlySet<string> = new Set<RowAction>([
  'explain',
  'approve',
  'diff',
  'skip',
  'hold',
  'history',
])

export function isRowAction(action: Binding['action']): action is RowAction {
  return ROW_ACTIONS.has(action)
}
