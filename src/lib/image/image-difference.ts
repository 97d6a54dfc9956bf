import type { ImageReference } from './reference.ts'

/**
 * Whether `a` and `b` are written differently: registry and repository compared as text, so `nginx` and
 * `docker.io/nginx` differ, because what is written into a spec would change. Tags count only
 * with `compareTags`. To ask whether both mean the same repository, use `sameRepository`.
 */
export function imageDiffers(a: ImageReference, b: ImageReference, compareTags: boolean): boolean {
  return a.registry !== b.registry || a.repository !== b.repository || (compareTags && a.tag !== b.tag)
}

/**
 * The index in `images` of the first that is written like `wanted`, or -1. Where a Kustomize base knows
 * the image under another name, that name (`kustomizeName`) is looked for first.
 */
export function indexOfImage(
  images: readonly ImageReference[],
  wanted: ImageReference,
  options: { readonly kustomizeName?: ImageReference; readonly compareTags?: boolean } = {},
): number {
  const { kustomizeName, compareTags = false } = options
  const byBaseName = kustomizeName
    ? images.findIndex((image) => !imageDiffers(image, kustomizeName, compareTags))
    : -1
  return byBaseName >= 0 ? byBaseName : images.findIndex((image) => !imageDiffers(image, wanted, compareTags))
}
