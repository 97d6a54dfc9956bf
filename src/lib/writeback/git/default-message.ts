import { type ImageReference, repositoryName } from '../../image/reference.ts'
import type { DescribedApplication, DescribedImage } from './described-change.ts'
import { cleanLine } from './outside-text.ts'
import { fittingSubject } from './subject.ts'
import { shortVersion, versionText } from './version-text.ts'

/** The message for those who have no template: what changes, as precisely as fits into the subject, then all of it. */
export function defaultMessage(changes: readonly DescribedApplication[]): string {
  const applications = changes.map(cleanApplication)
  return `${fittingSubject(subjects(applications))}\n\n${body(applications)}`
}

function subjects(applications: readonly DescribedApplication[]): readonly string[] {
  const images = applications.flatMap((application) => application.images)
  const [first] = images
  const where =
    applications.length === 1
      ? `${applications[0]?.application}`
      : counted(applications.length, 'application')
  const changes = new Set(images.map(({ after }) => `${after.repository}:${versionText(after)}`))
  if (first === undefined || changes.size !== 1) {
    return [`build: update ${counted(changes.size, 'image')} of ${where}`, `build: update ${where}`]
  }
  const { after, before } = first
  return [
    `build: update ${after.repository} to ${shortVersion(after, before)} in ${where}`,
    `build: update ${after.repository} in ${where}`,
    `build: update ${where}`,
  ]
}

function body(applications: readonly DescribedApplication[]): string {
  if (applications.length === 1) return (applications[0]?.images ?? []).map(changeLine).join('\n')
  return applications
    .map(({ namespace, application, images }) => {
      return [`${namespace}/${application}:`, ...images.map((image) => `  ${changeLine(image)}`)].join('\n')
    })
    .join('\n\n')
}

function changeLine({ before, after }: DescribedImage): string {
  const old = versionText(before)
  const from = old === '' ? '' : ` tag '${old}'`
  return `updates image ${repositoryName(after)}${from} to '${versionText(after)}'`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function cleanApplication({ namespace, application, images }: DescribedApplication): DescribedApplication {
  return {
    namespace: cleanLine(namespace),
    application: cleanLine(application),
    images: images.map(({ alias, before, after }) => {
      return { alias, after: cleanImage(after), ...(before && { before: cleanImage(before) }) }
    }),
  }
}

function cleanImage({ registry, repository, tag, digest }: ImageReference): ImageReference {
  return {
    registry: cleanLine(registry),
    repository: cleanLine(repository),
    tag: cleanLine(tag),
    digest: cleanLine(digest),
  }
}
