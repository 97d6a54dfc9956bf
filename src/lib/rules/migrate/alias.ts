import type { ImageReference } from '../../image/reference.ts'

/** What both forms take: argocd-image-updater's CRD, which is stricter than an image-list. */
const ALIAS = /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/

export function isAlias(text: string): boolean {
  return ALIAS.test(text)
}

/** An alias for an image that has none: the last part of its repository, numbered where that is taken. */
export function madeAlias({ repository }: ImageReference, taken: ReadonlySet<string>): string {
  const name = repository.slice(repository.lastIndexOf('/') + 1)
  for (let number = 1; ; number++) {
    const alias = number === 1 ? name : `${name}-${number}`
    if (!taken.has(alias)) return alias
  }
}
