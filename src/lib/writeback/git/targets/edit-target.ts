import nodePath from 'node:path'
import type { ApplicationChange } from '../image-change.ts'
import { changedFields } from './changed-fields.ts'
import { editHelmValues } from './helm-values.ts'
import { editKustomization } from './kustomization.ts'
import { manifestPaths } from './manifest-paths.ts'
import { editManifest, refuseSameImages } from './manifests.ts'
import { editOverrideFile } from './override-file.ts'
import { TargetError } from './target-error.ts'
import type { FileEdit, TargetFiles } from './target-files.ts'
import { KUSTOMIZATION_FILES, type ManifestsTarget, type Target } from './write-back-target.ts'

const { posix } = nodePath

/**
 * The files that have to change so that a repository declares the images of an Application; none when it does
 * already. Nothing is written: `files` is only read.
 *
 * @throws TargetError with the file, the place, the reason and what to do instead
 */
export async function editTarget(
  target: Target,
  change: ApplicationChange,
  files: TargetFiles,
): Promise<readonly FileEdit[]> {
  if (change.images.length === 0) return []
  switch (target.kind) {
    case 'override':
      return editOne(target.path, files, (text) =>
        editOverrideFile(text, change.images, target.overrideType, target.path),
      )
    case 'helmvalues':
      return editOne(target.path, files, (text) => editHelmValues(text, change.images, target.path))
    case 'kustomization':
      return editKustomizationOf(target.folder, change, files)
    case 'manifests':
      return editManifests(target, change, files)
  }
}

async function editOne(
  path: string,
  files: TargetFiles,
  edit: (text: string | undefined) => string,
): Promise<readonly FileEdit[]> {
  const before = await files.read(path)
  return fileEdit(path, before, edit(before))
}

async function editKustomizationOf(
  folder: string,
  change: ApplicationChange,
  files: TargetFiles,
): Promise<readonly FileEdit[]> {
  for (const name of KUSTOMIZATION_FILES) {
    const path = posix.join(folder, name)
    const before = await files.read(path)
    if (before !== undefined) return fileEdit(path, before, editKustomization(before, change.images, path))
  }
  throw new TargetError({
    code: 'file-missing',
    file: folder,
    why: `there is no ${KUSTOMIZATION_FILES.join(', ')}`,
    instead: 'Name the folder of one: write-back-target: kustomization:<folder>',
  })
}

async function editManifests(
  target: ManifestsTarget,
  change: ApplicationChange,
  files: TargetFiles,
): Promise<readonly FileEdit[]> {
  refuseSameImages(change.images, target.path)
  const edits: FileEdit[] = []
  const missing = new Set(change.images)
  for (const path of await manifestPaths(target, files)) {
    const before = await files.read(path)
    if (before === undefined) continue
    const { text, found } = editManifest(before, change.images, path)
    edits.push(...fileEdit(path, before, text))
    for (const image of found) missing.delete(image)
  }
  const [first] = missing
  if (first === undefined) return edits
  const { registry, repository } = first.after
  throw new TargetError({
    code: 'image-not-found',
    file: target.path,
    why: `no manifest names the image ${registry ? `${registry}/` : ''}${repository}`,
    instead: target.recurse
      ? 'Name the folder or the file that holds it: write-back-target: manifests:<path>'
      : 'Name its folder or file: write-back-target: manifests:<path>, or set directory.recurse in the source',
  })
}

function fileEdit(path: string, before: string | undefined, after: string): readonly FileEdit[] {
  if (after === (before ?? '')) return []
  return [{ path, before, after, fields: changedFields(before ?? '', after, path) }]
}
