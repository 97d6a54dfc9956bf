import type { GitPlace } from './git-place.ts'
import { targetText } from './target-text.ts'

/** `main of https://git.example.com/r (apps/shop/kustomization.yaml)` */
export function gitPlaceText(place: GitPlace): string {
  return `${gitPlaceBranch(place) || 'the default branch'} of ${place.url} (${targetText(place.target)})`
}

/** The branch that is pushed, as far as rule and source name it, a template as it is; '' for the default one. */
export function gitPlaceBranch({ base, revision, write }: GitPlace): string {
  const branch = write ?? (base || revision.replace(/^refs\/heads\//, ''))
  return branch === 'HEAD' ? '' : branch
}
