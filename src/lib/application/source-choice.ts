import type { Application } from './application.ts'
import { applicationField } from './application-field.ts'
import type { ObjectField } from './object-field.ts'
import type { OverrideTargets } from './override/targets.ts'
import {
  findSourceType,
  namedSource,
  type SourceType,
  type SourceTypeFinding,
  typesOfSources,
  type WriteBackPlace,
} from './source-type.ts'

/** The one source of an Application whose images are overridden. */
export interface ChosenSource extends SourceTypeFinding {
  /** Where it is: `spec.source`, `spec.sources[1]`, `spec.sourceHydrator.drySource`. */
  readonly field: ObjectField
  /** Its place in `spec.sources`; absent where there is one source only. */
  readonly index?: number
}

/**
 * Chooses the source that receives an image. Of several: the one that the rule names, else the first with an explicit block of the decided
 * type, else the first that Argo CD renders as that type, else the first with any block, else the first.
 *
 * @throws MalformedFieldError naming the field that has the wrong shape.
 */
export function chooseSource(
  application: Application,
  writeBack?: WriteBackPlace,
  targets: OverrideTargets = {},
): ChosenSource {
  const finding = findSourceType(application, writeBack, targets)
  const root = applicationField(application)
  const spec = root.member('spec')
  const sources = spec.member('sources').items()
  if (sources.length > 0) {
    const named = namedSource(sources, writeBack?.source)
    if (named !== undefined) return { ...finding, field: sources[named] as ObjectField, index: named }
    return chooseOfSeveral(sources, typesOfSources(root), finding)
  }
  const drySource = spec.member('sourceHydrator').member('drySource')
  return { ...finding, field: drySource.value === undefined ? spec.member('source') : drySource }
}

function chooseOfSeveral(
  sources: readonly ObjectField[],
  types: readonly SourceType[],
  finding: SourceTypeFinding,
): ChosenSource {
  const block = finding.sourceType.toLowerCase()
  const choices = [
    { index: sources.findIndex((source) => hasBlock(source, block)), why: `has a ${block} block` },
    { index: types.indexOf(finding.sourceType), why: `is rendered by ${finding.sourceType}` },
    { index: sources.findIndex(hasAnyBlock), why: 'has a block of its own' },
  ]
  const choice = choices.find(({ index }) => index >= 0) ?? { index: 0, why: 'is the first' }
  const field = sources[choice.index] as ObjectField
  return { ...finding, field, index: choice.index, reason: `${finding.reason}; ${field.path} ${choice.why}` }
}

function hasBlock(source: ObjectField, block: string): boolean {
  return block !== '' && source.member(block).members() !== undefined
}

function hasAnyBlock(source: ObjectField): boolean {
  return ['helm', 'kustomize', 'plugin'].some((block) => hasBlock(source, block))
}

const OVERRIDE_FIELDS = {
  Helm: 'helm/parameters',
  Kustomize: 'kustomize/images',
  Plugin: 'plugin/env',
} as const

/** The JSON Pointer of the field that receives images, for those who have to leave it alone; '' where there is none. */
export function overridePointer({ field, overrideType }: ChosenSource): string {
  return overrideType === 'Unsupported' ? '' : `${field.pointer}/${OVERRIDE_FIELDS[overrideType]}`
}
