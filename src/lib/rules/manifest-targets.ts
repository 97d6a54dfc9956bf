import { UserError } from '../errors.ts'
import type { ManifestTargets } from './update-rule.ts'
import type { WrittenSettings } from './written-settings.ts'

export class ManifestTargetsError extends UserError {}

/**
 * Which Helm parameters or which Kustomize image receive the update, as far as the annotations say.
 *
 * @throws ManifestTargetsError when both Helm and Kustomize are named for one image.
 */
export function readManifestTargets(settings: WrittenSettings): ManifestTargets {
  const name = settings.get('helm.image-name')?.text
  const tag = settings.get('helm.image-tag')?.text
  const spec = settings.get('helm.image-spec')?.text
  const kustomizeName = settings.get('kustomize.image-name')?.text
  const helm = {
    ...(name !== undefined && { name }),
    ...(tag !== undefined && { tag }),
    ...(spec !== undefined && { spec }),
  }
  const namesHelm = Object.keys(helm).length > 0
  if (namesHelm && kustomizeName !== undefined) {
    throw new ManifestTargetsError(
      'the image has both Helm and Kustomize targets',
      'Keep either the helm.* annotations or kustomize.image-name',
    )
  }
  return {
    ...(namesHelm && { helm }),
    ...(kustomizeName !== undefined && { kustomize: { name: kustomizeName } }),
  }
}
