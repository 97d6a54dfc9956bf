import type { KubernetesObject } from '../lib/application/kubernetes-object.ts'
import { UserError } from '../lib/errors.ts'

/** As kubectl calls the resource. */
export const IMAGE_UPDATER = 'imageupdater.argocd-image-updater.argoproj.io'

/** The object as kubectl names it. */
export function imageUpdaterName({ metadata }: KubernetesObject): string {
  return `${IMAGE_UPDATER}/${metadata.name}`
}

/** What the API server takes as the name of an object. */
const OBJECT_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/

/** The name of an ImageUpdater as a flag gives it. @throws UserError when no object can be called so */
export function resourceName(flag: string, name: string): string {
  if (OBJECT_NAME.test(name)) return name
  throw new UserError(
    `${flag} "${name}" is not the name of an object`,
    'Use lower-case letters, digits, "-" and "."',
  )
}
