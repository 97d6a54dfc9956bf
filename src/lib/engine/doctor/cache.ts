import type { FolderState } from '../../machine/folder-state.ts'
import type { Check } from './examine.ts'
import { findingsOf } from './finding.ts'

const finding = findingsOf('cache')

/**
 * Whether manifests can be kept between runs.
 *
 * @param folder where they are kept
 */
export function cacheCheck(folder: string, look: (folder: string) => Promise<FolderState>): Check {
  return {
    name: 'cache',
    run: async () => {
      const { exists, open, writable } = await look(folder)
      if (!writable) {
        const message = `${folder} cannot be written: every run asks the registries for everything`
        return [finding('warn', folder, message, 'Make it writable, or set XDG_CACHE_HOME')]
      }
      if (open) {
        const message = `${folder} can be written by other users of this machine`
        return [finding('warn', folder, message, `Run: chmod go-w ${folder}`)]
      }
      return [finding('ok', folder, exists ? `${folder} is writable` : `${folder} will be made when needed`)]
    },
  }
}
