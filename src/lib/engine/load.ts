import { type ApplicationSelection, getApplication, listApplications } from '../cluster/applications.ts'
import { UserError } from '../errors.ts'
import { readAnnotationRules } from '../rules/annotations.ts'
import type { UpdatableImage } from './checked-image.ts'
import type { EngineContext } from './context.ts'
import { type ManagedImage, type ManagedImages, manageImages } from './managed-image.ts'

/** Applications that were named and are not there, or cannot be read; the others go on. */
export class ApplicationProblem extends UserError {}

/** The first step of every command: reads the selected Applications and their rules. */
export async function loadManagedImages(
  context: EngineContext,
  selection: ApplicationSelection,
): Promise<ManagedImages & { readonly problems: readonly ApplicationProblem[] }> {
  const { objects, problems } = await listApplications(context.cluster, selection)
  return {
    ...manageImages(objects, (application) => readAnnotationRules(application, context)),
    problems: problems.map(({ problem, remedy }) => new ApplicationProblem(problem, remedy)),
  }
}

/** Reads one Application again, with the rules of the given images as they are now. */
export async function reloadImages(
  context: EngineContext,
  images: readonly UpdatableImage[],
): Promise<ManagedImage[]> {
  const [first] = images
  if (!first) return []
  const { name, namespace = '' } = first.application.metadata
  const application = await getApplication(context.cluster, namespace, name)
  const keys = new Set(images.map(({ key }) => key))
  return manageImages([application], (each) => readAnnotationRules(each, context)).images.filter(({ key }) =>
    keys.has(key),
  )
}
