import { type ImageReference, parseImageReference } from '../image/reference.ts'

/**
 * Reads an image that the cluster reports. Undefined for text that is no reference: a Pod may run an image
 * that has an ID and no name, and such a one is nobody's to update.
 */
export function readImageText(text: string): ImageReference | undefined {
  try {
    return parseImageReference(text)
  } catch {
    return undefined
  }
}
