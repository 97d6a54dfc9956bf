import { type ImageReference, sameRepository, withTag } from '../image/reference.ts'
import type { Application } from './application.ts'
import { applicationField } from './application-field.ts'
import { readImageText } from './image-text.ts'

/** An image that someone follows, as far as finding it is concerned. */
export interface FollowedImage {
  readonly image: ImageReference
  /** Follow it even where Argo CD reports no Pod that runs it. */
  readonly forceUpdate: boolean
}

/**
 * The images of an Application: those Argo CD saw in its Pods (`status.summary.images`, in its order),
 * then the followed ones that are to be updated whether or not they run. Those have no tag, since the tag
 * of a rule is a constraint and nothing that runs.
 *
 * @throws MalformedFieldError when `status.summary.images` is no list of texts.
 */
export function liveImages(
  application: Application,
  followed: readonly FollowedImage[] = [],
): ImageReference[] {
  const reported = applicationField(application).member('status').member('summary').member('images').items()
  const live = reported.flatMap((field) => readImageText(field.text()) ?? [])
  for (const { image, forceUpdate } of followed) {
    if (forceUpdate && !live.some((other) => sameRepository(other, image))) live.push(withTag(image, ''))
  }
  return live
}
