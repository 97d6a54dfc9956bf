import { closedGate } from '../engine/gates.ts'
import type { BoardRow } from '../engine/watch-board.ts'
import { isHeld } from '../rules/controls.ts'
import { actionText, availableText, imageName, runningText } from './checked-images.ts'
import { errorText } from './error-line.ts'
import { stateText } from './followed.ts'
import type { LiveRow, LiveState } from './live/live-row.ts'

/** What tells rows of several clusters and namespaces apart. */
export interface RowPlaces {
  /** '' where there is one cluster only. */
  contextOf(row: BoardRow): string
  readonly severalNamespaces: boolean
}

/** The rows of a watch as the live table shows them; a row that has not changed is the same object as before. */
export class WatchRows {
  readonly #known = new WeakMap<BoardRow, LiveRow>()
  readonly #places: RowPlaces

  constructor(places: RowPlaces) {
    this.#places = places
  }

  liveRows(rows: readonly BoardRow[]): LiveRow[] {
    return rows.map((row) => {
      const known = this.#known.get(row) ?? this.#liveRow(row)
      this.#known.set(row, known)
      return known
    })
  }

  #liveRow(row: BoardRow): LiveRow {
    const { image, next } = row
    const context = this.#places.contextOf(row)
    return {
      application: image.application.metadata.name,
      available: availableText(image),
      image: imageName(image),
      key: image.key,
      running: runningText(image),
      state: liveState(row),
      ...(context !== '' && { context }),
      ...(this.#places.severalNamespaces && { namespace: image.application.metadata.namespace ?? '' }),
      ...(next && { next }),
    }
  }
}

function liveState({ image, state }: BoardRow): LiveState {
  switch (state.kind) {
    case 'pending': {
      const why =
        image.state === 'decided' && 'approval' in image.decision ? image.decision.approval : undefined
      return { mark: 'asks', since: state.since, text: why ? `approve? ${why}` : 'approve?', tone: 'warning' }
    }
    case 'put-off':
      return { mark: 'waits', text: 'put off, for this watch', tone: 'dim' }
    case 'applying':
      return { mark: 'busy', text: 'applying', tone: 'info' }
    case 'failed':
      return { mark: 'failed', text: `not applied: ${errorText(state.error)}`, tone: 'bad' }
    case 'undone': {
      const text = state.error
        ? `not rolled back: ${errorText(state.error)}`
        : `rolled back and held: ${state.reason}`
      return { mark: state.error ? 'failed' : 'held', since: state.at, text, tone: 'bad' }
    }
    case 'applied':
      return heldToo(image, appliedState(state))
    case 'decided':
      return decidedState(image)
  }
}

function appliedState({ at, dryRun, outcome }: Extract<BoardRow['state'], { kind: 'applied' }>): LiveState {
  if (dryRun) return { mark: 'done', since: at, text: 'would be applied (dry run)', tone: 'good' }
  if (!outcome) return { mark: 'done', since: at, text: 'applied', tone: 'good' }
  const text = `applied, ${stateText(outcome)}`
  switch (outcome.state) {
    case 'healthy':
      return { mark: 'done', since: at, text, tone: 'good' }
    case 'degraded':
    case 'failed':
      return { mark: 'failed', since: at, text, tone: 'bad' }
    case 'timed-out':
    case 'not-syncing':
      return { mark: 'waits', since: at, text, tone: 'warning' }
    default:
      return { mark: 'busy', since: at, text, tone: 'info' }
  }
}

/** That an image is held is worth knowing also where there is nothing that it is kept from. */
function heldToo(image: BoardRow['image'], state: LiveState): LiveState {
  const held = image.state === 'decided' && isHeld(image.rule.controls.hold, new Date())
  return held ? { ...state, mark: 'held', text: `${state.text}, held` } : state
}

function decidedState(image: BoardRow['image']): LiveState {
  const text = actionText(image)
  if (image.state === 'failed') return { mark: 'failed', text, tone: 'bad' }
  const { decision } = image
  switch (decision.kind) {
    case 'up-to-date':
      return heldToo(image, { text, tone: 'dim' })
    case 'update':
      return { mark: 'asks', text, tone: 'good' }
    case 'waiting': {
      const { gates, until } = decision
      const gate = closedGate(gates)
      // The time that is left goes on by itself, and is seen however narrow the column is.
      return until && gate
        ? { mark: 'waits', text: `waits: ${gate.name}`, tone: 'warning', until }
        : { mark: 'waits', text, tone: 'warning' }
    }
    case 'rolling':
      return { mark: 'busy', text, tone: 'info' }
    case 'held':
      return { mark: 'held', text, tone: 'warning' }
    default:
      return { text, tone: 'warning' }
  }
}
