import { imageDiffers } from '../image/image-difference.ts'
import type { ImageReference } from '../image/reference.ts'
import { type ImageTag, tagsEqual } from '../image/tag.ts'
import type { StrategyName } from './strategy-name.ts'

export interface UpdateQuestion {
  readonly strategy: StrategyName
  /** What runs now. */
  readonly live: ImageReference
  /** What the strategy chose. */
  readonly latest: ImageTag
  /** What the rule follows. */
  readonly configured: ImageReference
  /** The Kustomize base knows the image under another name, so its name is rewritten too. */
  readonly renames: boolean
}

/**
 * Whether what runs is not what was chosen. `digest` compares digests alone; the others compare digests
 * where one is known and names otherwise, and a renamed image must also have its new name already.
 */
export function needsUpdate({ strategy, live, latest, configured, renames }: UpdateQuestion): boolean {
  if (strategy === 'digest') return live.digest === '' || live.digest !== latest.digest
  if (!tagsEqual({ name: live.tag, digest: live.digest }, latest)) return true
  return renames && imageDiffers(live, configured, false)
}

/**
 * Several containers may run one repository at different tags. The index in `live` of the one that a
 * `digest` rule means: its tag with a digest that is not the latest, else its tag, else any stale one of the
 * repository; -1 when the repository does not run at all.
 */
export function indexOfDigestTarget(
  live: readonly ImageReference[],
  configured: ImageReference,
  latestDigest: string,
): number {
  const sameName = (image: ImageReference): boolean => !imageDiffers(image, configured, false)
  const sameTag = (image: ImageReference): boolean => !imageDiffers(image, configured, true)
  const stale = (image: ImageReference): boolean => image.digest !== latestDigest
  const preferences = [
    (image: ImageReference): boolean => sameTag(image) && stale(image),
    sameTag,
    (image: ImageReference): boolean => sameName(image) && stale(image),
  ]
  for (const prefers of preferences) {
    const index = live.findIndex(prefers)
    if (index >= 0) return index
  }
  return -1
}
