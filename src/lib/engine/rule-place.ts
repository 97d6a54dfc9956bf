import type { Application } from '../application/application.ts'
import type { SoughtField } from '../manifests/field-lines.ts'
import { ANNOTATION_PREFIX } from '../rules/annotation-keys.ts'
import type { RuleProblem } from '../rules/update-rule.ts'
import type { ApplicationStore, FilePlace } from './application-store.ts'
import { type CheckedImage, RuleFault } from './checked-image.ts'

/** What of a rule is looked for: `key` and `value` as problems name them, '' for the image as a whole. */
type RulePart = Pick<RuleProblem, 'origin' | 'alias' | 'key' | 'value'>

/** The file and line where a part of a rule is written; undefined in a cluster, and where no file has the rule. */
export function placeOfRule(
  applications: ApplicationStore,
  application: Application | undefined,
  part: RulePart,
): FilePlace | undefined {
  const { kind, object } = part.origin
  if (kind === 'image-updater') {
    const place = applications.fileOfImageUpdater(object, resourceFields(part))
    if (place) return place
  }
  return application && applications.fileOf(application, annotationFields(part))
}

/** Where the rule of an image is written, or what is wrong with it. */
export function placeOfImage(applications: ApplicationStore, row: CheckedImage): FilePlace | undefined {
  const { alias, application, image, rule } = row
  const part =
    row.state === 'failed' && row.error instanceof RuleFault
      ? row.error.fault
      : rule && { alias, key: '', origin: rule.origin, value: image }
  return part ? placeOfRule(applications, application, part) : applications.fileOf(application)
}

function annotationFields({ alias, key, value }: RulePart): SoughtField[] {
  const pointer = (name: string) => `/metadata/annotations/${ANNOTATION_PREFIX.replaceAll('/', '~1')}${name}`
  const listed = pointer('image-list')
  if (key === '' && alias === '' && value === '') return []
  const word = alias === '' ? value : `${alias}=`
  return [
    ...(key === '' || key === 'image-list' ? [] : [{ pointer: pointer(escaped(key)) }]),
    { pointer: listed, word },
  ]
}

/** The field, else the nearest thing around it: what is missing is wrong where it should be. */
function resourceFields({ key, origin }: RulePart): SoughtField[] {
  const path = key || origin.field || ''
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '')
  return steps.map((_, index) => ({
    pointer: `/${steps
      .slice(0, steps.length - index)
      .map(escaped)
      .join('/')}`,
  }))
}

function escaped(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}
