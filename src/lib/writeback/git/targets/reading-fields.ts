import { MalformedFieldError } from '../../../application/object-field.ts'
import { PluginTargetError } from '../../../application/override/plugin.ts'
import { TargetError } from './target-error.ts'

/** Reads fields of a file, of which the file's name is the owner. @throws TargetError when one has another shape */
export function readingFields<Result>(file: string, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    const code = error instanceof PluginTargetError ? 'unsupported-source' : 'unreadable'
    if (!(error instanceof MalformedFieldError || error instanceof PluginTargetError)) throw error
    const why = error.message.replace(`${file}: `, '')
    throw new TargetError({ code, file, why, instead: error.remedy }, { cause: error })
  }
}
