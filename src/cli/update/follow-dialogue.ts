import type { ApplyOutcome } from '../../lib/engine/apply-outcome.ts'
import type { UpdatableImage } from '../../lib/engine/checked-image.ts'
import type { FollowEvent } from '../../lib/engine/follow.ts'
import { isFinal } from '../../lib/engine/follow-state.ts'
import type { WatchEvent } from '../../lib/engine/watch-event.ts'
import { imageName, runningText } from '../../lib/terminal/checked-images.ts'
import { errorLine } from '../../lib/terminal/error-line.ts'
import { printable } from '../../lib/terminal/escape.ts'
import { outcomeStyle, outcomeText } from '../../lib/terminal/followed.ts'
import type { Session } from '../session/session.ts'
import { stopSignal } from '../watch/stop-signal.ts'
import type { UpdateCourse } from './course.ts'

/** What became of the Applications that were written. */
export interface Fates {
  /** The last that was told of where an outcome ended; undefined where nothing was followed. */
  of(outcome: ApplyOutcome): FollowEvent | undefined
  /** Whether an image was put back. */
  isRolledBack(image: UpdatableImage): boolean
}

/** Where nothing is followed. */
export const NO_FATES: Fates = { isRolledBack: () => false, of: () => undefined }

/**
 * Follows everything that was written to its end, tells it on stderr, and takes back what made its Application
 * Degraded where that is wanted. Ctrl-C ends the following, not what was written.
 */
export async function followDialogue(
  session: Session,
  course: UpdateCourse,
  written: readonly ApplyOutcome[],
  tell: (event: WatchEvent) => void,
): Promise<Fates> {
  const last = new Map<string, FollowEvent>()
  const rolledBack = new Set<UpdatableImage>()
  const stop = stopSignal(() => {})
  try {
    for await (const event of course.follow(written, stop.signal)) {
      if (session.forPeople) {
        session.note(session.paintNotes(outcomeStyle(event), printable(outcomeText(event))))
      }
      const before = last.get(event.application)
      // Of several workloads, what went wrong with one is not hidden by another.
      if (!before || before.state === 'healthy' || !isFinal(before)) last.set(event.application, event)
      const images = written.flatMap((outcome) =>
        outcome.state === 'applied' && keyOf(outcome) === event.application ? [outcome.image] : [],
      )
      tell({ at: event.at, images, outcome: event, type: 'followed' })
      if (course.undoes && event.state === 'degraded' && !event.degradedBefore) {
        if (await undo(session, course, images, event.message))
          for (const image of images) rolledBack.add(image)
      }
    }
    if (stop.exitCode !== 0) process.exitCode = stop.exitCode
  } finally {
    stop.release()
  }
  return {
    isRolledBack: (image) => rolledBack.has(image),
    of: (outcome) => (outcome.state === 'applied' ? last.get(keyOf(outcome)) : undefined),
  }
}

async function undo(
  session: Session,
  course: UpdateCourse,
  images: readonly UpdatableImage[],
  reason: string,
): Promise<boolean> {
  const error = await course.undo(images, reason)
  if (error) session.note(errorLine(error))
  for (const image of error ? [] : images) {
    const { name } = image.application.metadata
    const text = `${name} ${imageName(image)} rolled back to ${runningText(image)} and held`
    session.note(session.paintNotes('red', printable(text)))
  }
  return !error
}

function keyOf({ image }: ApplyOutcome): string {
  const { name, namespace = '' } = image.application.metadata
  return `${namespace}/${name}`
}
