import type { Author } from '../application/change-record.ts'
import { UserError } from '../errors.ts'
import type { ImageReference } from '../image/reference.ts'
import type { UpdatableImage } from './checked-image.ts'
import { type ChosenImage, chosenWrite } from './chosen-image.ts'
import type { EngineContext } from './context.ts'
import { holderText } from './hold.ts'
import { currentReference } from './running-image.ts'

/** An update that cannot be taken back. */
export class UndoError extends UserError {}

/** An image that is as it was before, and held there. */
export interface UndoneImage {
  readonly image: UpdatableImage
  readonly before: ImageReference
}

/**
 * Takes back updates of one Application that did it no good: what its spec said before is written again, and
 * the images are held, so that the next poll does not bring the same back. One patch, tested on what the
 * Application is now.
 *
 * @param author who, and for what reason, for the record and the hold
 * @param barrier asked before the write: why it may not be done just now; '' when it may
 * @throws UndoError where only workloads were restarted, where it was committed, or nobody knows what ran before; ClusterError
 */
export async function undoUpdates(
  context: Pick<EngineContext, 'applications' | 'now'>,
  images: readonly UpdatableImage[],
  author: Author,
  barrier?: () => string,
): Promise<readonly UndoneImage[]> {
  const [first] = images
  if (!first) return []
  const undone = images.map((image) => ({ before: earlierImage(image), image }))
  const application = await context.applications.again(first.application)
  const now = context.now()
  const chosen = undone.map(({ before, image }): ChosenImage => {
    const { decision, rule } = image
    return {
      digest: before.digest,
      from: decision.target.tag,
      image: { application, key: image.key, rule },
      source: '',
      target: before,
      warnings: [],
    }
  })
  const order = { by: holderText(author.by, now), reason: author.reason }
  const write = chosenWrite(application, chosen, {
    author,
    hold: { order, subjects: [...new Set(images.map(({ rule }) => rule.alias))] },
    now,
  })
  if (write) await context.applications.write(write, { barrier, dryRun: 'none' })
  return undone
}

function earlierImage({ application, decision, rule, running }: UpdatableImage): ImageReference {
  const name = `${application.metadata.name} ${rule.alias}`.trim()
  if (decision.place === 'workloads') {
    throw new UndoError(
      `${name} was restarted for a tag that moved: there is nothing in the spec to put back`,
      'Move the tag back, or undo the rollout of the workload: kubectl rollout undo',
    )
  }
  if (decision.place === 'git') {
    throw new UndoError(`${name} was committed: the spec has nothing to put back`, 'Revert the commit in git')
  }
  const before = running.images.declared.image ?? currentReference(running)
  if (before && (before.tag !== '' || before.digest !== '')) return before
  throw new UndoError(`nobody knows what ${name} ran before`, 'Choose an image with set')
}
