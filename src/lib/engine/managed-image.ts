import type { Application } from '../application/application.ts'
import { repositoryName } from '../image/reference.ts'
import type { ImageUpdater } from '../rules/image-updater/image-updater.ts'
import type { RuleProblem, RuleSet, UpdateRule } from '../rules/update-rule.ts'
import { type FailedImage, type FaultyImage, RuleFault } from './checked-image.ts'
import { withoutSharedPlaces } from './shared-places.ts'

/** A rule that can run, with the Application that it is about. */
export interface ManagedImage {
  /** By which every later cycle knows it again: `argocd/shop/web`. */
  readonly key: string
  readonly application: Application
  readonly rule: UpdateRule
}

/** What a person should know, with the Application whose rules it is about; none where it is about a resource. */
export interface ManagedWarning extends RuleProblem {
  readonly application?: Application
}

/** Everything that somebody wants kept up to date: what can be polled, and what cannot and why. */
export interface ManagedImages {
  /** Every Application that was looked at, with rules or without. */
  readonly applications: readonly Application[]
  readonly images: readonly ManagedImage[]
  /** Images whose rule is faulty, each with its first problem: they are shown and counted, never updated. */
  readonly faulty: readonly FaultyImage[]
  /** Whatever else a person should know: warnings, and the further problems of faulty images. */
  readonly warnings: readonly ManagedWarning[]
  /** Images of places that cannot be read just now: known from before, and shown as failed. */
  readonly unreadable?: readonly FailedImage[]
  /** The ImageUpdater resources beside them, where they were looked for. */
  readonly imageUpdaters?: readonly ImageUpdater[]
}

/** Joins Applications with the rules read from each. */
export function manageImages(
  applications: readonly Application[],
  readRules: (application: Application) => RuleSet,
): ManagedImages {
  const images: ManagedImage[] = []
  const faulty = new Map<string, FaultyImage>()
  const warnings: ManagedWarning[] = []
  for (const application of applications) {
    const { rules, problems } = withoutSharedPlaces(application, readRules(application))
    for (const rule of rules) {
      const alias = rule.alias || repositoryName(rule.image)
      images.push({ application, key: keyOf(application, alias), rule })
    }
    const usable = new Set(rules.map(({ alias }) => alias))
    for (const problem of problems) {
      if (problem.severity === 'warning') {
        warnings.push({ ...problem, application })
        continue
      }
      const { alias } = problem
      // An entry without alias, or one that took the alias of another image, is known by its own text.
      const own = alias !== '' && !usable.has(alias)
      const key = keyOf(application, own ? alias : `${problem.key} ${problem.value}`)
      if (faulty.has(key)) {
        warnings.push({ ...problem, application })
        continue
      }
      faulty.set(key, {
        alias,
        application,
        error: new RuleFault(problem),
        image: '',
        key,
        rule: undefined,
        state: 'failed',
      })
    }
  }
  return { applications, faulty: [...faulty.values()], images, warnings }
}

function keyOf(application: Application, image: string): string {
  return `${application.metadata.namespace ?? ''}/${application.metadata.name}/${image}`
}
