import { parseImageReference } from '../../../../src/lib/image/reference.ts'
import type { GitImageChange } from '../../../../src/lib/writeback/git/image-change.ts'
import type { TargetFiles } from '../../../../src/lib/writeback/git/targets/target-files.ts'

/** An image that is to be written. */
export function image(after: string, targets: GitImageChange['targets'] = {}, alias = ''): GitImageChange {
  return { alias, after: parseImageReference(after), targets }
}

/** A repository as a map from path to text. */
export function repository(texts: Readonly<Record<string, string>>): TargetFiles {
  const isBelow = (folder: string, path: string) => folder === '.' || path.startsWith(`${folder}/`)
  return {
    read: async (path) => texts[path],
    list: async (folder) => Object.keys(texts).filter((path) => isBelow(folder, path)),
  }
}

/** The error that something throws, as one line. */
export function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('nothing was refused')
}
