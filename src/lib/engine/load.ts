import type { ApplicationSelection } from '../cluster/applications.ts'
import { UserError } from '../errors.ts'
import { readAnnotationRules } from '../rules/annotations.ts'
import type { UpdatableImage } from './checked-image.ts'
import type { EngineContext } from './context.ts'
import { type ManagedImage, type ManagedImages, manageImages } from './managed-image.ts'

/** Applications that were named and are not there, or cannot be read; the others go on. */
export class ApplicationProblem extends UserError {}

/** The first step of every command: reads the selected Applications and their rules. */
export async function loadManagedImages(
  { applications }: EngineContext,
  selection: ApplicationSelection,
): Promise<ManagedImages & { readonly problems: readonly ApplicationProblem[] }> {
  const { objects, problems } = await applications.list(selection)
  return {
    ...manageImages(objects, readAnnotationRules),
    problems: problems.map(({ problem, remedy }) => new ApplicationProblem(problem, remedy)),
  }
}

/** Reads one Application again, with the rules of the given images as they are now. */
export async function reloadImages(
  { applications }: EngineContext,
  images: readonly UpdatableImage[],
): Promise<ManagedImage[]> {
  const [first] = images
  if (!first) return []
  const application = await applications.again(first.application)
  const keys = new Set(images.map(({ key }) => key))
  return manageImages([application], readAnnotationRules).images.filter(({ key }) => keys.has(key))
}
