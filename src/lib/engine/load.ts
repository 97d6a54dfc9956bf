import type { ApplicationSelection } from '../cluster/applications.ts'
import { UserError } from '../errors.ts'
import { readApplicationRules } from '../rules/image-updater/application-rules.ts'
import type { UpdatableImage } from './checked-image.ts'
import type { EngineContext } from './context.ts'
import { loadImageUpdaters } from './image-updaters.ts'
import { type ManagedImage, type ManagedImages, manageImages } from './managed-image.ts'

/** Applications that were named and are not there, or cannot be read; the others go on. */
export class ApplicationProblem extends UserError {}

/** The first step of every command: reads the selected Applications and their rules. */
export async function loadManagedImages(
  context: Pick<EngineContext, 'allowCrossNamespaceSecrets' | 'applications' | 'noteImages'>,
  selection: ApplicationSelection,
): Promise<ManagedImages & { readonly problems: readonly ApplicationProblem[] }> {
  const { objects, problems } = await context.applications.list(selection)
  const resources = await loadImageUpdaters(context.applications, objects, context)
  const managed = manageImages(objects, (application) =>
    readApplicationRules(application, resources.imageUpdaters, context),
  )
  context.noteImages?.(managed)
  return {
    ...managed,
    imageUpdaters: resources.imageUpdaters,
    warnings: [...resources.warnings, ...managed.warnings],
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
  const application = await context.applications.again(first.application)
  const keys = new Set(images.map(({ key }) => key))
  const { imageUpdaters } = await loadImageUpdaters(context.applications, [application], context)
  const { images: now } = manageImages([application], (object) =>
    readApplicationRules(object, imageUpdaters, context),
  )
  return now.filter(({ key }) => keys.has(key))
}
