import type { GitPlace } from './git-place.ts'
import { targetText } from './target-text.ts'

/**
 * Where one commit goes: `main of https://git.example.com/r (apps/shop/kustomization.yaml)`.
 *
 * @param place of an image of it
 * @param others of the rest: where they are in other files, none is named
 */
export function gitPlaceText(place: GitPlace, others: readonly (GitPlace | undefined)[] = []): string {
  const { request, revision, target, url } = place
  const branch = request ? place.base || shortRevision(revision) : gitPlaceBranch(place)
  const file = targetText(target)
  const isAlone = others.every((other) => other === undefined || targetText(other.target) === file)
  const where = `${branch || 'the default branch'} of ${url}${isAlone ? ` (${file})` : ''}`
  return request ? `a branch of its own, for a pull request to ${where}` : where
}

/** The branch that is pushed, as far as rule and source name it, a template as it is; '' for the default one. */
export function gitPlaceBranch({ base, revision, write }: GitPlace): string {
  return write ?? (base || shortRevision(revision))
}

function shortRevision(revision: string): string {
  return revision === 'HEAD' ? '' : revision.replace(/^refs\/heads\//, '')
}
