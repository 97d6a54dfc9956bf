import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { archiveEntries } from './archive-entries.ts'
import { entryProblems } from './krew-rules.ts'
import { PLUGIN, tagName } from './release-names.ts'
import type { Target } from './targets.ts'

/**
 * Puts a plugin where krew puts it, by krew's rules: files below `store`, one link in `bin`.
 *
 * @param root what KREW_ROOT names
 * @returns the folder to have on PATH
 * @throws Error when krew would refuse the archive
 */
export async function installLikeKrew(archive: string, target: Target, root: string): Promise<string> {
  const entries = await archiveEntries(archive)
  const problems = entryProblems(entries, target.executable)
  if (problems.length > 0) throw new Error(problems.join('; '))
  const store = join(root, 'store', PLUGIN, tagName())
  for (const { name, kind, mode, content } of entries) {
    const path = join(store, name)
    mkdirSync(kind === 'directory' ? path : dirname(path), { recursive: true })
    if (kind === 'file') writeFileSync(path, content, { mode })
  }
  const bin = join(root, 'bin')
  mkdirSync(bin, { recursive: true })
  symlinkSync(join(store, target.executable), join(bin, target.executable))
  return bin
}
