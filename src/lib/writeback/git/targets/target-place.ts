import type { Application } from '../../../application/application.ts'
import type { ChosenSource } from '../../../application/source-choice.ts'
import type { TargetPlace } from './write-back-target.ts'

/**
 * What an Application itself says about the file that its images are written to.
 *
 * @param argocdNamespace where Argo CD runs
 * @throws MalformedFieldError naming the field that has the wrong shape
 */
export function targetPlace(
  { metadata }: Application,
  { field, overrideType }: ChosenSource,
  argocdNamespace: string,
): TargetPlace {
  const directory = field.member('directory')
  return {
    application: metadata.name,
    argocdNamespace,
    directory: {
      exclude: directory.member('exclude').text(),
      include: directory.member('include').text(),
      recurse: directory.member('recurse').flag(),
    },
    namespace: metadata.namespace ?? '',
    overrideType,
    sourcePath: field.member('path').text(),
  }
}
