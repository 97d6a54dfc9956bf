import type { Application } from '../application/application.ts'
import type { Author } from '../application/change-record.ts'
import { runningImages } from '../application/running-images.ts'
import type { EventRecorder } from '../cluster/events.ts'
import type { ChosenImage } from './chosen-image.ts'
import { declaredOrLive } from './running-image.ts'
import { type ImageChange, imagesUpdated, imagesUpdateFailed, typed } from './update-event.ts'

/**
 * Writes the Event about images that a person chose.
 *
 * @param problem why they could not be written; '' where they were
 * @returns a warning where the Event could not be written, '' elsewhere: it never fails what it is about.
 */
export function recordChosen(
  recorder: EventRecorder,
  application: Application,
  chosen: readonly ChosenImage[],
  { author, at, problem }: { readonly author: Author; readonly at: Date; readonly problem: string },
): Promise<string> {
  const changes = chosen.map(
    ({ image: { rule }, target }): ImageChange => ({
      after: target,
      before: declaredOrLive(runningImages(application, rule)),
    }),
  )
  const text = problem === '' ? imagesUpdated(changes, author) : imagesUpdateFailed(changes, problem, author)
  return recorder.record(typed(application), text, at)
}
