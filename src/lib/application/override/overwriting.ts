import { UserError } from '../../errors.ts'
import { withTag } from '../../image/reference.ts'
import type { Application } from '../application.ts'
import { chooseSource } from '../source-choice.ts'
import { declaredImage, type ImageOverride, setImage } from './override.ts'

const FIRST = 'first'
const SECOND = 'second'

/**
 * Whether writing the second image takes away what was written for the first: they share a Helm parameter,
 * a `kustomize.images` entry or a variable. Both images would then be rewritten in turn for ever. False
 * where nothing in the Application can override them.
 */
export function overwrites(application: Application, first: ImageOverride, second: ImageOverride): boolean {
  try {
    const source = chooseSource(application, first.writeBack, first.targets)
    const other = chooseSource(application, second.writeBack, second.targets)
    if (source.field.pointer !== other.field.pointer) return false
    const once = setImage(source, withTag(first.image, FIRST), first.targets)
    const twice = setImage({ ...other, field: once }, withTag(second.image, SECOND), second.targets)
    const left = declaredImage({ ...source, field: twice }, first.image, first.targets)
    return left.image?.tag !== FIRST
  } catch (error) {
    // What cannot be written at all is told where it is planned.
    if (error instanceof UserError) return false
    throw error
  }
}
