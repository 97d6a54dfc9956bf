import { UserError } from '../../errors.ts'
import type { ImageReference } from '../../image/reference.ts'
import type { ObjectField } from '../object-field.ts'
import { mergeNamedEntries } from './named-entries.ts'
import type { PluginTargets } from './targets.ts'
import {
  type EntryNames,
  NOT_WRITTEN,
  namedValues,
  readNamedValues,
  type WrittenImage,
} from './written-image.ts'

/** The rule names no environment variable, and a plugin has none that could be assumed. */
export class PluginTargetError extends UserError {}

/** The image that `plugin.env` of a source declares; nothing when the rule names no variable. @throws MalformedFieldError */
export function readPluginImage(source: ObjectField, targets?: PluginTargets): WrittenImage {
  const names = variableNames(targets)
  return names === undefined ? NOT_WRITTEN : readNamedValues(source.member('plugin').member('env'), names)
}

/**
 * The source with the image in its `plugin.env`.
 *
 * @throws PluginTargetError when the rule names no variable.
 * @throws MalformedFieldError naming the field that has the wrong shape.
 */
export function setPluginImage(
  source: ObjectField,
  image: ImageReference,
  targets?: PluginTargets,
): ObjectField {
  const names = variableNames(targets)
  if (names === undefined) {
    throw new PluginTargetError(
      `${source.owner}: ${source.path} is rendered by a plugin, and the rule names no variable for the image's tag`,
      'Name the environment variables that take the name and the tag, or one for the whole reference',
    )
  }
  const plugin = source.member('plugin')
  const env = mergeNamedEntries(plugin.member('env'), namedValues(image, names))
  return source.withMember('plugin', { ...plugin.members(), env })
}

/** Without a variable for the whole or for the tag, no update could ever be written. */
function variableNames({ spec = '', name = '', tag = '' }: PluginTargets = {}): EntryNames | undefined {
  return spec === '' && tag === '' ? undefined : { spec, name, tag }
}
