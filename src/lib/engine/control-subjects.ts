import type { Application } from '../application/application.ts'
import { UserError } from '../errors.ts'
import { repositoryName } from '../image/reference.ts'
import { nearestWord } from '../nearest.ts'
import type { ControlSubject } from '../rules/control-annotations.ts'
import type { ManagedImages } from './managed-image.ts'
import { shellWord } from './shell-word.ts'

/** What a person named is no image of the Application, or none that can have settings of its own. */
export class SubjectError extends UserError {}

type Managed = Pick<ManagedImages, 'images' | 'faulty'>

/**
 * Whose controls are meant: aliases, or '' for the Application as a whole where no image is named. An image
 * without alias can have none of its own; where it is the only one, those of the Application are its own.
 *
 * @throws SubjectError
 */
export function controlSubjects(
  application: Application,
  managed: Managed,
  names: readonly string[],
): readonly ControlSubject[] {
  requireRules(application, managed)
  if (names.length === 0) return ['']
  return [...new Set(names.map((name) => subjectOf(application, managed, name)))]
}

/** @throws SubjectError for an Application that nothing would be held or skipped of */
export function requireRules(application: Application, managed: Managed): void {
  if (namesOf(application, managed).length > 0) return
  const { name } = application.metadata
  throw new SubjectError(
    `application "${name}" carries no update rule`,
    `kubectl image-updater annotate ${shellWord(name)} writes one`,
  )
}

/** That no image of the Application is called so, and which one may be meant. */
export function unknownImage(application: Application, managed: Managed, name: string): SubjectError {
  const known = namesOf(application, managed)
  const near = nearestWord(name, known)
  const list = `Its images are ${known.join(', ')}`
  return new SubjectError(
    `application "${application.metadata.name}" has no image "${name}"`,
    near ? `Did you mean ${near}? ${list}` : list,
  )
}

/** Whether a rule is called so: by its alias, or by its repository where it has none. */
export function isCalled(
  rule: { readonly alias: string; readonly image: Parameters<typeof repositoryName>[0] },
  name: string,
): boolean {
  return rule.alias === '' ? repositoryName(rule.image) === name : rule.alias === name
}

function subjectOf(application: Application, managed: Managed, name: string): ControlSubject {
  const images = managed.images.filter((image) => image.application === application)
  const faulty = managed.faulty.filter((image) => image.application === application)
  if ([...images.map(({ rule }) => rule), ...faulty].some(({ alias }) => alias !== '' && alias === name))
    return name
  const found = images.find(({ rule }) => isCalled(rule, name))
  if (!found) throw unknownImage(application, managed, name)
  if (images.length + faulty.length === 1) return ''
  const own = shellWord(application.metadata.name)
  throw new SubjectError(
    `image ${name} of application "${application.metadata.name}" has no alias, so it can have no settings of its own`,
    `Give it one: kubectl image-updater annotate ${own} --image ALIAS=${shellWord(name)}`,
  )
}

function namesOf(application: Application, { images, faulty }: Managed): string[] {
  const rules = images.filter((image) => image.application === application)
  const broken = faulty.filter((image) => image.application === application)
  return [
    ...rules.map(({ rule }) => rule.alias || repositoryName(rule.image)),
    ...broken.map(({ alias, error }) => alias || error.fault.key),
  ]
}
