import { readImageText } from '../../../application/image-text.ts'
import { canonicalRepository } from '../../../image/reference.ts'

/** An entry of `images` in a kustomization. */
export interface KustomizationImage {
  /** The image that is replaced, as the base spells it. */
  readonly name: string
  readonly newName?: string
  readonly newTag?: string
  readonly digest?: string
}

/** `[name=]image[:tag][@digest]`, as Argo CD writes overrides, in the fields of a kustomization. */
export function kustomizationImage(entry: string): KustomizationImage {
  const equals = entry.indexOf('=')
  const [beforeDigest = '', digest] = entry.slice(equals + 1).split('@', 2)
  const colon = beforeDigest.indexOf(':', beforeDigest.lastIndexOf('/') + 1)
  const image = colon < 0 ? beforeDigest : beforeDigest.slice(0, colon)
  const name = equals < 0 ? image : entry.slice(0, equals)
  return {
    name,
    ...(image !== name && { newName: image }),
    ...(colon >= 0 && { newTag: beforeDigest.slice(colon + 1) }),
    ...(digest !== undefined && { digest }),
  }
}

/** Entries of one name as one: what a later one says counts. */
export function mergeKustomizationImages(
  images: readonly KustomizationImage[],
): readonly KustomizationImage[] {
  const merged = new Map<string, KustomizationImage>()
  for (const image of images) merged.set(image.name, { ...merged.get(image.name), ...image })
  return [...merged.values()]
}

/** Whether two names are for the same repository: registry and port count, the spellings of Docker Hub do not. */
export function sameImageName(a: string, b: string): boolean {
  return a === b || imageNameKey(a) === imageNameKey(b)
}

/** The one spelling by which names are compared; text that is no name of an image stays as it is. */
export function imageNameKey(name: string): string {
  const image = readImageText(name)
  return image && image.tag === '' && image.digest === '' ? canonicalRepository(image) : name
}
