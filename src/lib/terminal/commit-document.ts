import type { CommittedUpdate } from '../engine/apply-outcome.ts'
import type { GitPlace } from '../engine/git/git-place.ts'
import { gitPlaceBranch } from '../engine/git/git-place-text.ts'
import { targetText } from '../engine/git/target-text.ts'

/**
 * Where an image is committed as the documented JSON value (docs/schema/image-updater-v1.json).
 *
 * @param made the commit, once there is one
 */
export function commitDocument(place: GitPlace, made?: CommittedUpdate): Record<string, unknown> {
  return {
    repository: place.url,
    branch: made?.branch ?? gitPlaceBranch(place),
    target: targetText(place.target),
    id: made?.id ?? null,
    request: made?.request || null,
  }
}
