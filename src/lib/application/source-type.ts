import type { Application } from './application.ts'
import { applicationField } from './application-field.ts'
import { MalformedFieldError, type ObjectField } from './object-field.ts'
import type { OverrideTargets } from './override/targets.ts'

/** What Argo CD renders a source with; '' when neither status nor spec tell. */
export type SourceType = 'Helm' | 'Kustomize' | 'Plugin' | 'Directory' | ''

/** How an image is expressed in the Application, if it can be. */
export type OverrideType = 'Helm' | 'Kustomize' | 'Plugin' | 'Unsupported'

/** What of a rule's write-back decides about the type. */
export interface WriteBackPlace {
  readonly method: 'application' | 'restart' | 'git'
  /** As written: `kustomization:base`, `helmvalues`, `values/prod.yaml`. */
  readonly target?: string
  readonly source?: NamedSource
}

/** One of several sources: by its `name`, or by its place in `spec.sources`, from 0. */
export type NamedSource = { readonly name: string } | { readonly index: number }

export interface SourceTypeFinding {
  readonly sourceType: SourceType
  readonly overrideType: OverrideType
  /** How it was found, in a few words for people. */
  readonly reason: string
}

const BLOCK_TYPES = { helm: 'Helm', kustomize: 'Kustomize', plugin: 'Plugin' } as const
const OVERRIDABLE: readonly SourceType[] = Object.values(BLOCK_TYPES)

/**
 * Decides how an image is overridden in this Application. A git write-back target that names a
 * kustomization or a values file decides first; then a source hydrator's dry source, several sources, and
 * the single source. `status` as Argo CD computed it comes before what the spec suggests, so that a
 * Directory source with a stray kustomize block stays a Directory; the spec's own blocks serve where
 * Argo CD has not computed a status yet.
 *
 * Of several sources the first type that can be overridden wins, except that the type named by the rule's
 * targets, where some source has it, comes before that.
 *
 * @throws MalformedFieldError naming the field that has the wrong shape.
 */
export function findSourceType(
  application: Application,
  writeBack?: WriteBackPlace,
  targets: OverrideTargets = {},
): SourceTypeFinding {
  const { sourceType, reason } =
    typeOfWriteBackTarget(writeBack) ?? typeOfSpec(applicationField(application), targets, writeBack?.source)
  if (sourceType === 'Plugin' && writeBack?.method === 'git' && targets.plugin === undefined) {
    const why = 'in git a plugin source is overridden as Helm is, unless the rule names variables'
    return { sourceType, overrideType: 'Helm', reason: `${reason}; ${why}` }
  }
  const overrideType = sourceType === 'Directory' || sourceType === '' ? 'Unsupported' : sourceType
  return { sourceType, overrideType, reason }
}

/**
 * The types of `spec.sources`, one each: what `status.sourceTypes` says at the same place, else what the
 * source's own fields tell.
 */
export function typesOfSources(application: ObjectField): readonly SourceType[] {
  const sources = application.member('spec').member('sources').items()
  const computed = application.member('status').member('sourceTypes').items()
  return sources.map((source, index) => {
    const type = computed[index]
    return (type && sourceTypeOf(type)) || typeOfBlocks(source)
  })
}

/** What a source's own fields tell about its type; '' when they tell nothing. */
function typeOfBlocks(source: ObjectField): SourceType {
  for (const [block, type] of Object.entries(BLOCK_TYPES)) {
    if (source.member(block).members() !== undefined) return type
  }
  if (source.member('chart').text() !== '') return 'Helm'
  return source.member('directory').members() === undefined ? '' : 'Directory'
}

/** The type that a rule's targets are made for, if they name one. */
function typeOfTargets(targets: OverrideTargets): SourceType {
  if (targets.helm !== undefined) return 'Helm'
  if (targets.kustomize !== undefined) return 'Kustomize'
  return targets.plugin === undefined ? '' : 'Plugin'
}

interface Found {
  readonly sourceType: SourceType
  readonly reason: string
}

function typeOfWriteBackTarget(writeBack: WriteBackPlace | undefined): Found | undefined {
  const target = writeBack?.target ?? ''
  if (writeBack?.method !== 'git' || target === '') return undefined
  const reason = `write-back-target ${target}`
  if (target === 'kustomization' || target.startsWith('kustomization:')) {
    return { sourceType: 'Kustomize', reason }
  }
  const isHelmValues = target === 'helmvalues' || target.startsWith('helmvalues:')
  const fileName = target.slice(target.lastIndexOf('/') + 1)
  const isValuesFile = /\.ya?ml$/.test(fileName) && !fileName.startsWith('.argocd-source-')
  return isHelmValues || isValuesFile ? { sourceType: 'Helm', reason } : undefined
}

function typeOfSpec(
  application: ObjectField,
  targets: OverrideTargets,
  source: NamedSource | undefined,
): Found {
  const spec = application.member('spec')
  const sources = spec.member('sources').items()
  if (sources.length > 0) {
    const named = namedSource(sources, source)
    return named === undefined ? typeOfSeveral(application, targets) : typeOfNamed(application, named)
  }
  const drySource = spec.member('sourceHydrator').member('drySource')
  const hydrated = drySource.value === undefined ? '' : typeOfBlocks(drySource)
  if (hydrated !== '') return { sourceType: hydrated, reason: `fields of ${drySource.path}` }
  const computed = sourceTypeOf(application.member('status').member('sourceType'))
  if (computed !== '') return { sourceType: computed, reason: 'status.sourceType' }
  const only = spec.member('source')
  const suggested = typeOfBlocks(only)
  if (suggested === '') return { sourceType: '', reason: 'Argo CD has not computed status.sourceType yet' }
  return { sourceType: suggested, reason: `fields of ${only.path}; status.sourceType is not there yet` }
}

/**
 * The place of the source that a rule names; undefined where it names none.
 *
 * @throws MalformedFieldError where there is no such source
 */
export function namedSource(
  sources: readonly ObjectField[],
  source: NamedSource | undefined,
): number | undefined {
  if (source === undefined) return undefined
  const index =
    'index' in source ? source.index : sources.findIndex((each) => each.member('name').text() === source.name)
  if (index >= 0 && index < sources.length) return index
  const [key, value] = 'index' in source ? ['source-index', source.index] : ['source-name', source.name]
  const names = sources.map((each, place) => each.member('name').text() || `no name (${place})`).join(', ')
  throw new MalformedFieldError(
    `${key} "${value}": the Application has no such source, but ${names}`,
    `Correct the annotation ${key}, or leave it out`,
  )
}

function typeOfNamed(application: ObjectField, index: number): Found {
  const reason = `the rule names spec.sources[${index}]`
  return { sourceType: typesOfSources(application)[index] ?? '', reason }
}

function typeOfSeveral(application: ObjectField, targets: OverrideTargets): Found {
  const types = typesOfSources(application)
  const wanted = typeOfTargets(targets)
  if (wanted !== '' && types.includes(wanted)) {
    return { sourceType: wanted, reason: `the rule's targets are for ${wanted}` }
  }
  const first = types.find((type) => OVERRIDABLE.includes(type))
  if (first === undefined)
    return { sourceType: 'Directory', reason: 'no source is Helm, Kustomize or Plugin' }
  return { sourceType: first, reason: `the first of ${types.length} sources whose images can be overridden` }
}

function sourceTypeOf(field: ObjectField): SourceType {
  const text = field.text()
  return text === 'Directory' || OVERRIDABLE.includes(text as SourceType) ? (text as SourceType) : ''
}
