import type { ImageReference } from '../image/reference.ts'
import { IMAGE_KEYS_LONGEST, isAnnotationKey } from './annotation-keys.ts'
import { madeAlias } from './migrate/alias.ts'

/**
 * A short alias that no other image of the Application has and that stands in every annotation key: the last
 * part of the repository, without the Application's name in front (`shop-web` of `shop` is `web`).
 */
export function suggestAlias(image: ImageReference, application: string, taken: ReadonlySet<string>): string {
  const last = image.repository.slice(image.repository.lastIndexOf('/') + 1)
  const own = last.startsWith(`${application}-`) ? last.slice(application.length + 1) : last
  // Room for a number, where the name is taken.
  const short = own.slice(0, 60 - IMAGE_KEYS_LONGEST).replace(/[^A-Za-z0-9]+$/, '')
  const name = isAnnotationKey(short) ? short : 'image'
  return madeAlias({ ...image, repository: name }, taken)
}
