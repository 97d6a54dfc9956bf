import { humanDuration } from '../age.ts'
import { amount } from '../amount.ts'
import type { CheckedImage } from '../engine/checked-image.ts'
import type { ToldEvent, WatchSummary } from '../engine/watch-event.ts'
import {
  actionText,
  availableText,
  checkColumns,
  checkedImageDocument,
  imageName,
  inSeveralNamespaces,
  runningText,
} from './checked-images.ts'
import type { Paint } from './colour.ts'
import { errorText } from './error-line.ts'
import { printable } from './escape.ts'
import { outcomeDocument, outcomeStyle, outcomeText } from './followed.ts'
import { problemTexts } from './rule-problems.ts'
import { renderTable } from './table.ts'

export interface WatchLineOptions {
  /** Whether the time of day leads the line; by default it does. */
  readonly stamped?: boolean
  /** The context of an image where a watch has several; '' where nobody has to be told. */
  readonly contextOf?: (row: CheckedImage) => string
}

/** One line for people for each thing that happened; none for events that are not worth one. */
export function watchLines(
  event: ToldEvent,
  paint: Paint,
  { contextOf = () => '', stamped = true }: WatchLineOptions = {},
): string[] {
  const line = (text: string) => `${stamped ? `${clockTime(event.at)}  ` : ''}${printable(text)}`
  const subject = (row: CheckedImage) => {
    const context = contextOf(row)
    return `${context && `${context} `}${row.application.metadata.name}/${imageName(row)}`
  }
  const rowText = (row: CheckedImage) => {
    if (row.state === 'failed') return `${subject(row)}: ${actionText(row)}`
    if (row.decision.kind === 'update') return `${subject(row)} ${change(row)}: ${actionText(row)}`
    return `${subject(row)} ${runningText(row) || '-'}: ${actionText(row)}`
  }
  switch (event.type) {
    case 'cycle':
      return event.changed.map((row) => line(rowText(row)))
    case 'cycle-failed': {
      const wait = humanDuration(event.nextAt.getTime() - event.at.getTime())
      return [paint('red', line(`${errorText(event.error)}; next try in ${wait}`))]
    }
    case 'problems':
      return problemTexts(event.problems).map((text) => paint('yellow', line(text)))
    case 'pending': {
      const waited = event.at.getTime() - event.since.getTime()
      const since = waited < 1000 ? '' : `, since ${humanDuration(waited)}`
      const what = `${subject(event.image)} ${change(event.image)}: needs approval: ${event.reason}${since}`
      return [paint('yellow', line(`${what} (kubectl image-updater update)`))]
    }
    case 'declined':
      return [
        line(`${subject(event.image)} ${change(event.image)}: declined, not asked again for this version`),
      ]
    case 'applied': {
      const done = event.dryRun ? 'would be applied (dry run)' : 'applied'
      return [
        paint(
          'green',
          line(`${subject(event.image)} ${change(event.image)} ${done}: ${actionText(event.image)}`),
        ),
        ...(event.unrecorded
          ? [line(`${subject(event.image)} not noted in its history: ${errorText(event.unrecorded)}`)]
          : []),
      ]
    }
    case 'followed':
      return [paint(outcomeStyle(event.outcome), line(outcomeText(event.outcome)))]
    case 'undone':
      return event.images.map((image) => {
        const end = event.error
          ? `not rolled back: ${errorText(event.error)}`
          : `rolled back to ${runningText(image) || '-'} and held: ${event.reason}`
        return paint('red', line(`${subject(image)} ${end}`))
      })
    case 'unchanged':
      return [line(`${subject(event.image)}: ${event.reason}`)]
    case 'apply-failed':
      return [paint('red', line(`${subject(event.image)} not applied: ${errorText(event.error)}`))]
    case 'paused':
      return [line('paused: nothing is polled, and nothing written unasked')]
    case 'resumed':
      return [line('goes on')]
    case 'stopped':
      return []
  }
}

/** What a watch did, in one line. */
export function watchSummaryLine(summary: WatchSummary): string {
  const done = summary.dryRun ? 'would be applied (dry run)' : 'applied'
  const parts = [amount(summary.cycles, 'poll'), `${summary.applied} ${done}`]
  if (summary.declined > 0) parts.push(`${summary.declined} declined`)
  parts.push(`${summary.failed} failed`)
  return `Stopped: ${parts.join(', ')}.`
}

/** Everything as it was last seen, and what a watch did: what stays on the screen when it ends. */
export function watchSummaryText(
  summary: WatchSummary,
  now: Date,
  paint: Paint,
  contextOf?: (row: CheckedImage) => string,
): string {
  const columns = checkColumns(now, paint, inSeveralNamespaces(summary.images), contextOf)
  return `${renderTable(columns, summary.images)}\n${watchSummaryLine(summary)}\n`
}

/** One event as one line of JSON (docs/schema/image-updater-v1.json, kind WatchEvent). */
export function watchEventDocument(
  event: ToldEvent,
  contextOf?: (row: CheckedImage) => string,
): Record<string, unknown> {
  const imageDocument = (row: CheckedImage) => ({
    ...checkedImageDocument(row),
    ...(contextOf && { context: contextOf(row) }),
  })
  const base = {
    apiVersion: 'image-updater/v1',
    kind: 'WatchEvent',
    type: event.type,
    at: event.at.toISOString(),
  }
  switch (event.type) {
    case 'cycle':
      return {
        ...base,
        changed: event.changed.map(imageDocument),
        images: event.images.length,
        nextAt: event.nextAt.toISOString(),
      }
    case 'cycle-failed':
      return { ...base, error: event.error.message, nextAt: event.nextAt.toISOString() }
    case 'problems':
      return {
        ...base,
        problems: event.problems.map(({ origin, key, value, problem, remedy }) => ({
          object: origin.object,
          key,
          value,
          problem,
          remedy,
        })),
      }
    case 'applied':
      return { ...base, dryRun: event.dryRun, image: imageDocument(event.image) }
    case 'apply-failed':
      return { ...base, error: event.error.message, image: imageDocument(event.image) }
    case 'followed':
      return { ...base, ...outcomeDocument(event.outcome), images: event.images.map(({ key }) => key) }
    case 'undone': {
      const { error, images, reason } = event
      return { ...base, error: error?.message ?? null, images: images.map(({ key }) => key), reason }
    }
    case 'unchanged':
      return { ...base, reason: event.reason, image: imageDocument(event.image) }
    case 'pending': {
      const { image, reason, since } = event
      return { ...base, reason, since: since.toISOString(), image: imageDocument(image) }
    }
    case 'declined':
      return { ...base, image: imageDocument(event.image) }
    case 'paused':
    case 'resumed':
      return base
    case 'stopped': {
      const { cycles, applied, declined, dryRun, failed } = event.summary
      return { ...base, cycles, applied, declined, dryRun, failed }
    }
  }
}

function change(row: CheckedImage): string {
  return `${runningText(row) || '-'} → ${availableText(row) || '-'}`
}

function clockTime(moment: Date): string {
  return moment.toTimeString().slice(0, 8)
}
