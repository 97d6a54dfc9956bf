import { createHash } from 'node:crypto'

/**
 * A short name for one place that is written to: the first 8 hex digits of the SHA-256 of
 * `repository|branch|target`, as argocd-image-updater computes it.
 *
 * @param target the file in the repository, or the folder of a kustomization
 */
export function writeBackTargetKey(place: {
  readonly repository: string
  readonly branch: string
  readonly target: string
}): string {
  const text = `${place.repository}|${place.branch}|${place.target}`
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
