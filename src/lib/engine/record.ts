import type { Author, ChangeEntry } from '../application/change-record.ts'
import { UserError } from '../errors.ts'
import { repositoryName, tagWithDigest } from '../image/reference.ts'
import type { UpdatableImage } from './checked-image.ts'
import { type EngineContext, registryFor } from './context.ts'
import { currentDigest, currentReference } from './running-image.ts'

/**
 * What the Application's record is told of an update that is written now. A digest that nobody had to know
 * until now is asked for, so that a later rollback finds the image although its tag may have moved.
 */
export async function recordFor(
  context: EngineContext,
  image: UpdatableImage,
  author: Author,
): Promise<ChangeEntry> {
  const entry = recordOf(image, author, context.now())
  if (entry.digest !== '') return entry
  const { decision, rule } = image
  try {
    return {
      ...entry,
      digest: await registryFor(context, rule).resolveDigest(rule.image, decision.target.tag),
    }
  } catch (error) {
    // The tag has just been listed; not to know its digest is no reason to keep it back.
    if (error instanceof UserError) return entry
    throw error
  }
}

/** The same, with what is known. */
export function recordOf(image: UpdatableImage, author: Author, now: Date): ChangeEntry {
  const { decision, rule, running, scan } = image
  const current = currentReference(running)
  const from = current && { digest: currentDigest(running), tag: current.tag }
  return {
    ...author,
    at: now.toISOString(),
    digest: decision.target.digest || scan.winner?.digest || '',
    from: from ? tagWithDigest(from) : '',
    image: rule.alias || repositoryName(rule.image),
    to: tagWithDigest(decision.target),
  }
}
