import { canonicalRepository, repositoryName } from '../image/reference.ts'
import type { ApplicationImages } from '../state/image-names.ts'
import type { ManagedImages } from './managed-image.ts'

/** What commands call the images of each Application, those with a faulty rule too. */
export function imageNamesOf({ applications, faulty, images }: ManagedImages): ApplicationImages[] {
  const names = new Map(applications.map((application) => [application, new Map<string, string>()]))
  for (const { application, alias } of faulty) if (alias !== '') names.get(application)?.set(alias, '')
  for (const { application, rule } of images) {
    names.get(application)?.set(rule.alias || repositoryName(rule.image), canonicalRepository(rule.image))
  }
  return [...names].map(([{ metadata }, repositories]) => {
    return { name: metadata.name, namespace: metadata.namespace ?? '', repositories }
  })
}
