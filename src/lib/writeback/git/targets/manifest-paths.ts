import nodePath from 'node:path'
import { matchesProjectGlob } from '../../../windows/project-glob.ts'
import type { TargetFiles } from './target-files.ts'
import type { ManifestsTarget } from './write-back-target.ts'

const { posix } = nodePath

/** Jsonnet is read by Argo CD too, but is a program and no manifest. */
const MANIFEST = /\.(?:ya?ml|json)$/

/**
 * The files that Argo CD renders a Directory source from, in the order of their names: those of the folder,
 * with `recurse` also of the folders below, less what `include` and `exclude` leave out. Argo CD matches both
 * against the path from the source's folder, and `*` also crosses `/`.
 */
export async function manifestPaths(target: ManifestsTarget, files: TargetFiles): Promise<readonly string[]> {
  const { path: folder, recurse, include, exclude } = target
  if (MANIFEST.test(folder)) return [folder]
  const paths = await files.list(folder)
  return paths
    .filter((path) => {
      const relative = posix.relative(folder, path)
      if (relative === '' || relative.startsWith('..') || !MANIFEST.test(relative)) return false
      if (!recurse && relative.includes('/')) return false
      if (relative.split('/').some((part) => part === '.git')) return false
      if (exclude !== '' && matchesProjectGlob([exclude], relative)) return false
      return include === '' || matchesProjectGlob([include], relative)
    })
    .toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}
