import type { Author, ChangeEntry } from '../application/change-record.ts'
import { repositoryName, tagWithDigest } from '../image/reference.ts'
import type { UpdatableImage } from './checked-image.ts'
import { currentDigest, currentReference } from './running-image.ts'

/** What the Application's record is told of an update. */
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
