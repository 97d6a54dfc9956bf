import type { Target } from '../../writeback/git/targets/write-back-target.ts'

/** The file or folder of a target. */
export function targetText(target: Target): string {
  return target.kind === 'kustomization' ? `kustomization in ${target.folder || '.'}` : target.path || '.'
}
