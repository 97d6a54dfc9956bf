import type { Application } from '../application/application.ts'
import { runningImages } from '../application/running-images.ts'
import { UserError } from '../errors.ts'
import { ANNOTATION_PREFIX, TARGET_SETTINGS } from '../rules/annotation-keys.ts'
import { readAnnotationRules } from '../rules/annotations.ts'
import { isCalled, requireRules, unknownImage } from './control-subjects.ts'
import type { ManagedImage, ManagedImages } from './managed-image.ts'

/** What a person chose cannot be written, or is not there. */
export class ChoiceError extends UserError {}

const LOCATING = new Set<string>([
  'image-list',
  'write-back-method',
  'write-back-target',
  'pull-secret',
  ...TARGET_SETTINGS,
])

/**
 * The image that a person speaks of. What is wrong with the rest of its rule does not matter where they
 * choose the tag themselves: then only what says which image it is and where it is written is read.
 *
 * @param name alias or repository
 * @throws SubjectError for an image that is not there; RuleFault where not even that can be read
 */
export function operatorImage(application: Application, managed: ManagedImages, name: string): ManagedImage {
  requireRules(application, managed)
  const own = managed.images.filter((image) => image.application === application)
  const found = own.find(({ rule }) => isCalled(rule, name))
  if (found) return found
  const faulty = managed.faulty.find((image) => image.application === application && image.alias === name)
  if (!faulty) throw unknownImage(application, managed, name)
  const { rules } = readAnnotationRules(withoutChoice(application))
  const rule = rules.find(({ alias }) => alias === name)
  if (!rule || faulty.error.fault.origin.kind !== 'annotation') throw faulty.error
  return { application, key: faulty.key, rule }
}

/** Every image of the Application, those with a faulty rule too. */
export function operatorImages(application: Application, managed: ManagedImages): readonly ManagedImage[] {
  requireRules(application, managed)
  const own = managed.images.filter((image) => image.application === application)
  const faulty = managed.faulty.filter((image) => image.application === application && image.alias !== '')
  return [...own, ...faulty.map(({ alias }) => operatorImage(application, managed, alias))]
}

/**
 * Where no tag can be written into the Application.
 *
 * @param instead what to do about it where the tag is in git
 * @throws ChoiceError
 */
export function requireSpecPlace({ application, rule }: ManagedImage, instead: string): void {
  const subject = `${application.metadata.name} ${rule.alias}`.trimEnd()
  const { method, written } = rule.writeBack
  if (method === 'git') {
    throw new ChoiceError(
      `${subject}: write-back-method ${written} commits images, and this command writes the Application alone`,
      instead,
    )
  }
  const { source } = runningImages(application, rule)
  if (source.overrideType === 'Unsupported') {
    const why =
      source.sourceType === ''
        ? `it is not known yet how Argo CD renders ${source.field.path}`
        : `${source.field.path} holds plain manifests, whose tags no field of the Application overrides`
    throw new ChoiceError(`${subject}: ${why}`, instead)
  }
  if (method === 'restart') {
    throw new ChoiceError(
      `${subject}: write-back-method restart sets no tag`,
      `Set write-back-method to argocd. ${instead}`,
    )
  }
}

/** The Application as if its rules said nothing but which images there are and where they are written. */
function withoutChoice(application: Application): Application {
  const annotations = Object.entries(application.metadata.annotations ?? {}).filter(([name]) => {
    if (!name.startsWith(ANNOTATION_PREFIX)) return false
    const key = name.slice(ANNOTATION_PREFIX.length)
    return [...LOCATING].some((setting) => key === setting || key.endsWith(`.${setting}`))
  })
  return {
    ...application,
    metadata: { ...application.metadata, annotations: Object.fromEntries(annotations) },
  }
}
