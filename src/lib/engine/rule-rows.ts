import type { Application } from '../application/application.ts'
import { liveImages } from '../application/live-images.ts'
import { MalformedFieldError } from '../application/object-field.ts'
import { runningImages } from '../application/running-images.ts'
import { type ImageReference, repositoryName, sameRepository } from '../image/reference.ts'
import { type Hold, isHeld } from '../rules/controls.ts'
import type { UpdateRule } from '../rules/update-rule.ts'
import type { RuleFault } from './checked-image.ts'
import type { ManagedImages } from './managed-image.ts'

/** One image of one Application as `list` shows it: with its rule, with a faulty one, or with none. */
export interface RuleRow {
  readonly application: Application
  readonly alias: string
  readonly image: string
  readonly rule: UpdateRule | undefined
  readonly fault: RuleFault | undefined
  /** The hold that counts now. */
  readonly held: Hold | undefined
  /** What Argo CD sees running of it; in a manifest, which tells nothing of that, what the spec declares. */
  readonly live: readonly ImageReference[]
}

/**
 * The rows of `list`, in the order of the Applications.
 *
 * @param options.withoutRules also the live images that no rule is about
 * @param options.now against which holds are measured
 */
export function ruleRows(
  managed: ManagedImages,
  options: { readonly withoutRules: boolean; readonly now: Date },
): RuleRow[] {
  return managed.applications.flatMap((application) => {
    const live = liveImages(application)
    const rules = managed.images.filter((image) => image.application === application).map(({ rule }) => rule)
    const faulty = managed.faulty.filter((image) => image.application === application)
    const managedRows = rules.map((rule) => ({
      application,
      alias: rule.alias,
      image: repositoryName(rule.image),
      rule,
      fault: undefined,
      held: isHeld(rule.controls.hold, options.now) ? rule.controls.hold : undefined,
      live: application.status?.summary
        ? live.filter((image) => sameRepository(image, rule.image))
        : declaredFor(application, rule),
    }))
    const faultyRows = faulty.map(({ alias, error, image }) => ({
      application,
      alias,
      image,
      rule: undefined,
      fault: error,
      held: undefined,
      live: [],
    }))
    const others = options.withoutRules
      ? live.filter((image) => !rules.some((rule) => sameRepository(image, rule.image)))
      : []
    const otherRows = others.map((image) => ({
      application,
      alias: '',
      image: repositoryName(image),
      rule: undefined,
      fault: undefined,
      held: undefined,
      live: [image],
    }))
    return [...managedRows, ...faultyRows, ...otherRows]
  })
}

function declaredFor(application: Application, rule: UpdateRule): readonly ImageReference[] {
  try {
    const { image } = runningImages(application, rule).declared
    return image ? [image] : []
  } catch (error) {
    // A field of the wrong shape is told by `check`, where it stands in the way.
    if (error instanceof MalformedFieldError) return []
    throw error
  }
}
