import type { Application } from '../application/application.ts'
import { repositoryName } from '../image/reference.ts'
import { ANNOTATION_PREFIX } from '../rules/annotation-keys.ts'
import { readAnnotationRules } from '../rules/annotations.ts'
import { RuleFault } from './checked-image.ts'
import { type ManagedImage, type ManagedImages, manageImages } from './managed-image.ts'

/** One image to explain. */
export interface ExplainedImage {
  readonly alias: string
  /** How people may call it, the usual name first. */
  readonly names: readonly string[]
  /** What is wrong with its rule; empty for a rule that can run. */
  readonly faults: readonly RuleFault[]
  /**
   * The rule; with faults, what it would be without the faulty settings. Undefined where no rule is left
   * without them.
   */
  readonly managed: ManagedImage | undefined
}

/** The images of an Application: those with a rule that can run, then those with a faulty one. */
export function explainedImages(application: Application, managed: ManagedImages): ExplainedImage[] {
  const usable = managed.images.filter((image) => image.application === application)
  const faults = faultsOf(application, managed)
  const rest = withoutFaultySettings(application, faults)
  const partial = rest.filter(({ key }) => !usable.some((other) => other.key === key))
  const explainable = partial.map((image) => {
    const { alias } = image.rule
    const own = faults.filter(({ fault }) => fault.alias === '' || fault.alias === alias)
    return { alias, faults: own, managed: image, names: namesOf(image) }
  })
  const told = new Set(explainable.flatMap((image) => image.faults))
  const bare = faults.filter((fault) => !told.has(fault))
  return [
    ...usable.map((image) => ({
      alias: image.rule.alias,
      faults: [],
      managed: image,
      names: namesOf(image),
    })),
    ...explainable,
    ...bare.map((fault) => ({
      alias: fault.fault.alias,
      faults: [fault],
      managed: undefined,
      names: [fault.fault.alias || fault.fault.value],
    })),
  ]
}

function faultsOf(application: Application, { faulty, warnings }: ManagedImages): RuleFault[] {
  const own = faulty.filter((image) => image.application === application).map(({ error }) => error)
  const further = warnings.filter(
    (warning) => warning.severity === 'error' && warning.application === application,
  )
  return [...own, ...further.map((problem) => new RuleFault(problem))]
}

/** The rules as they would be if nobody had written the settings that are faulty. */
function withoutFaultySettings(application: Application, faults: readonly RuleFault[]): ManagedImage[] {
  const annotated = faults.filter(({ fault }) => fault.origin.kind === 'annotation')
  if (annotated.length === 0) return []
  const { annotations = {} } = application.metadata
  const faulty = new Set(annotated.map(({ fault }) => `${ANNOTATION_PREFIX}${fault.key}`))
  faulty.delete(`${ANNOTATION_PREFIX}image-list`)
  const kept = Object.fromEntries(Object.entries(annotations).filter(([key]) => !faulty.has(key)))
  const copy = { ...application, metadata: { ...application.metadata, annotations: kept } }
  return manageImages([copy], readAnnotationRules).images.map((image) => ({ ...image, application }))
}

function namesOf({ rule }: ManagedImage): string[] {
  const repository = repositoryName(rule.image)
  const names = [rule.alias, repository.slice(repository.lastIndexOf('/') + 1), repository]
  return names.filter((name) => name !== '')
}
