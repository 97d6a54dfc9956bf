import type { Application } from '../application/application.ts'
import type { Author } from '../application/change-record.ts'
import { tagValue } from '../application/override/written-image.ts'
import type { EventRecorder, EventText } from '../cluster/events.ts'
import { type ImageReference, repositoryName, withTag } from '../image/reference.ts'
import type { ApplyOutcome, CommittedUpdate } from './apply-outcome.ts'
import type { UpdatableImage } from './checked-image.ts'
import { currentDigest, currentReference } from './running-image.ts'
import type { UndoneImage } from './undo.ts'

/** One image of an Event: what ran, as far as that is known, and what was or was to be written. */
export interface ImageChange {
  readonly before: ImageReference | undefined
  readonly after: ImageReference
}

/** The names that argocd-image-updater gives its Events and their annotations: alerts that look for them find ours. */
const UPDATED = 'ImagesUpdated'
const FAILED = 'ImagesUpdateFailed'
const ANNOTATION = 'argocd-image-updater.image-'
const ACTION = 'UpdateImages'

/**
 * The Event about images that were written.
 *
 * @param commit where they were committed; absent where the objects themselves were written
 */
export function imagesUpdated(
  changes: readonly ImageChange[],
  author: Author,
  commit?: CommittedUpdate,
): EventText {
  return {
    action: ACTION,
    annotations: annotationsOf(changes),
    message: `${doneTo(changes, commit)}; ${signed(author)}`,
    reason: UPDATED,
    type: 'Normal',
  }
}

function doneTo(changes: readonly ImageChange[], commit: CommittedUpdate | undefined): string {
  const images = changes.map(described).join(', ')
  if (!commit) return `Updated ${images}`
  const { branch, id, request } = commit
  return request === ''
    ? `Committed ${images} to ${branch} as ${id.slice(0, 12)}`
    : `Proposed ${images} in ${request}`
}

/** The Event about images that could not be written, which argocd-image-updater does not have. */
export function imagesUpdateFailed(
  changes: readonly ImageChange[],
  problem: string,
  author: Author,
): EventText {
  return {
    action: ACTION,
    annotations: annotationsOf(changes),
    message: `Could not update ${changes.map(described).join(', ')}: ${problem}; ${signed(author)}`,
    reason: FAILED,
    type: 'Warning',
  }
}

/** What an update changes. A digest is told on both sides where the update goes by digests. */
export function changeOf({ decision, running }: UpdatableImage): ImageChange {
  const current = currentReference(running)
  const after = decision.target
  const digest = after.digest === '' ? '' : currentDigest(running)
  return { after, before: current && withTag(current, current.tag, digest) }
}

/**
 * Writes the Events about what became of updates: one for each Application and way it ended. None for a dry
 * run, and none where nothing was left to write.
 *
 * @returns warnings about Events that could not be written; no Event ever fails an update.
 */
export async function recordOutcomes(
  recorder: EventRecorder,
  outcomes: readonly ApplyOutcome[],
  { author, at, dryRun }: { readonly author: Author; readonly at: Date; readonly dryRun: boolean },
): Promise<string[]> {
  if (dryRun) return []
  const warnings: string[] = []
  for (const [application, own] of Map.groupBy(outcomes, ({ image }) => image.application)) {
    for (const text of textsOf(own, author))
      warnings.push(await recorder.record(typed(application), text, at))
  }
  return warnings.filter((warning) => warning !== '')
}

/**
 * Writes the Event about updates of one Application that were taken back.
 *
 * @returns warnings, as {@link recordOutcomes}
 */
export async function recordUndone(
  recorder: EventRecorder,
  undone: readonly UndoneImage[],
  author: Author,
  at: Date,
): Promise<string[]> {
  const [first] = undone
  if (!first) return []
  const changes = undone.map(({ before, image }) => ({ after: before, before: image.decision.target }))
  const warning = await recorder.record(typed(first.image.application), imagesUpdated(changes, author), at)
  return warning === '' ? [] : [warning]
}

function textsOf(outcomes: readonly ApplyOutcome[], author: Author): EventText[] {
  const applied = outcomes.filter((outcome) => outcome.state === 'applied')
  const byCommit = Map.groupBy(applied, ({ commit }) => commit?.id)
  const failed = outcomes.filter((outcome) => outcome.state === 'failed')
  const byProblem = Map.groupBy(failed, ({ error }) => error.message)
  return [
    ...[...byCommit.values()].map((same) =>
      imagesUpdated(
        same.map(({ image }) => changeOf(image)),
        author,
        same[0]?.commit,
      ),
    ),
    ...[...byProblem].map(([problem, same]) =>
      imagesUpdateFailed(
        same.map(({ image }) => changeOf(image)),
        problem,
        author,
      ),
    ),
  ]
}

/** An Event names the type of what it is about. */
export function typed(application: Application): Application {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', ...application }
}

function annotationsOf(changes: readonly ImageChange[]): Record<string, string> {
  return Object.fromEntries(
    changes.flatMap(({ before, after }, index) => {
      const key = `${ANNOTATION}${index}`
      return [
        [`${key}/full-image-name`, repositoryName(after)],
        [`${key}/image-name`, after.repository],
        [`${key}/old-tag`, before ? tagValue(before) : ''],
        [`${key}/new-tag`, tagValue(after)],
      ]
    }),
  )
}

function described({ before, after }: ImageChange): string {
  const old = before ? tagValue(before) : ''
  return `${repositoryName(after)} ${old === '' ? 'to' : `${old} →`} ${tagValue(after)}`
}

function signed({ by, how, reason }: Author): string {
  return `by ${by} (${reason === '' ? how : `${how}, ${reason}`})`
}
