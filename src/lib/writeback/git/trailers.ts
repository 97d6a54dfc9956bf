import { repositoryName } from '../../image/reference.ts'
import type { DescribedApplication } from './described-change.ts'
import { cleanLine } from './outside-text.ts'
import { versionText } from './version-text.ts'

/**
 * The trailers of a commit in the form that git-interpret-trailers(1) reads: each Application, followed by the
 * images that it gets, `Image: ghcr.io/org/app 1.0 -> 1.1`.
 */
export function changeTrailers(applications: readonly DescribedApplication[]): readonly string[] {
  return applications.flatMap(({ namespace, application, images }) => [
    cleanLine(`Application: ${cleanLine(namespace)}/${cleanLine(application)}`),
    ...new Set(
      images.map(({ before, after }) => {
        const versions = [versionText(before), '->', versionText(after)].filter((word) => word !== '')
        return cleanLine(`Image: ${repositoryName(after)} ${versions.join(' ')}`)
      }),
    ),
  ])
}
