import { isDeepStrictEqual } from 'node:util'
import { formatImageReference } from '../../image/reference.ts'
import type { ManifestTargets } from '../update-rule.ts'
import type { CarriedImage, CarriedRules, CarriedSettings } from './carried-rules.ts'

/** `spec` of an ImageUpdater, as far as a migration writes it. */
export interface ImageUpdaterSpec {
  readonly commonUpdateSettings?: CarriedSettings
  readonly applicationRefs: readonly ApplicationRefSpec[]
  readonly [field: string]: unknown
}

/** An item of `spec.applicationRefs`; others' items may have any field. */
export interface ApplicationRefSpec {
  readonly namePattern: string
  readonly [field: string]: unknown
}

/**
 * An ImageUpdater's spec with one item for each Application, by its exact name, in the order of names.
 * Settings that every image has are lifted to the top.
 */
export function writeSpec(all: readonly CarriedRules[]): ImageUpdaterSpec {
  const common = sharedSettings(all.flatMap(({ images }) => images.map(({ settings }) => settings)))
  const lifted = Object.keys(common)
  return {
    ...(lifted.length > 0 && { commonUpdateSettings: common }),
    applicationRefs: writeApplicationRefs(all, lifted),
  }
}

/**
 * The spec of an ImageUpdater that exists, with these Applications added or replaced. Everything else of it
 * stays, except where every item is replaced: then its settings are those of {@link writeSpec}.
 */
export function extendSpec(existing: unknown, all: readonly CarriedRules[]): ImageUpdaterSpec {
  const spec = isObject(existing) ? existing : {}
  const items: readonly unknown[] = Array.isArray(spec['applicationRefs']) ? spec['applicationRefs'] : []
  const names = new Set(all.map(({ application }) => application))
  if (items.every((item) => names.has(patternOf(item)))) {
    const { commonUpdateSettings: _, ...others } = spec
    const anew = writeSpec(all)
    return { ...others, ...anew, applicationRefs: inPlace(items, anew.applicationRefs) }
  }
  const inherited = isObject(spec['commonUpdateSettings']) ? Object.keys(spec['commonUpdateSettings']) : []
  const stating = all.map((rules) => ({
    ...rules,
    images: rules.images.map((image) => overruling(image, inherited)),
  }))
  return { ...spec, applicationRefs: inPlace(items, writeApplicationRefs(stating, [])) }
}

/** The items there are, each replaced by the one of its name where there is one; new ones follow. */
function inPlace(items: readonly unknown[], written: readonly ApplicationRefSpec[]): ApplicationRefSpec[] {
  const byPattern = new Map(written.map((item) => [item.namePattern, item]))
  const present = new Set(items.map(patternOf))
  const kept = items.map((item) => {
    const anew = byPattern.get(patternOf(item))
    return anew ? withStatedDefault(item, anew) : item
  }) as ApplicationRefSpec[]
  return [...kept, ...written.filter(({ namePattern }) => !present.has(namePattern))]
}

/** The API server fills in `useAnnotations: false`: left out again, every item would differ from what is there. */
function withStatedDefault(item: unknown, anew: ApplicationRefSpec): object {
  const stated = isObject(item) && item['useAnnotations'] === false
  return stated ? { ...anew, useAnnotations: false } : anew
}

/** The image with a word of its own on everything that it would inherit otherwise. */
function overruling(image: CarriedImage, inherited: readonly string[]): CarriedImage {
  const defaults: Required<CarriedSettings> = {
    updateStrategy: image.rule.strategy,
    forceUpdate: false,
    allowTags: 'any',
    ignoreTags: [],
    pullSecret: '',
    platforms: [],
  }
  const stated = Object.entries(defaults).filter(([name]) => inherited.includes(name))
  return { ...image, settings: { ...Object.fromEntries(stated), ...image.settings } }
}

function writeApplicationRefs(all: readonly CarriedRules[], lifted: readonly string[]): ApplicationRefSpec[] {
  return all
    .toSorted((a, b) => (a.application < b.application ? -1 : 1))
    .map(({ application, images, writeBack }) => ({
      namePattern: application,
      ...writeBackConfig(writeBack),
      images: images.map((image) => writeImage(image, lifted)),
    }))
}

function writeImage({ alias, image, settings, targets }: CarriedImage, lifted: readonly string[]) {
  const own = Object.fromEntries(Object.entries(settings).filter(([name]) => !lifted.includes(name)))
  return {
    alias,
    imageName: formatImageReference(image),
    ...(Object.keys(own).length > 0 && { commonUpdateSettings: own }),
    ...manifestTargets(targets),
  }
}

function manifestTargets({ helm, kustomize }: ManifestTargets) {
  const manifestTargets = { ...(helm && { helm }), ...(kustomize && { kustomize }) }
  return Object.keys(manifestTargets).length > 0 ? { manifestTargets } : {}
}

function writeBackConfig({
  method,
  target,
  gitBranch,
  gitRepository,
  pullRequest,
}: CarriedRules['writeBack']) {
  const labels = pullRequest?.labels ?? []
  const gitConfig = {
    ...(gitRepository && { repository: gitRepository }),
    ...(gitBranch && { branch: gitBranch }),
    ...(target && { writeBackTarget: target }),
    ...(pullRequest && {
      pullRequest: { [pullRequest.service]: {}, ...(labels.length > 0 && { labels }) },
    }),
  }
  const writeBackConfig = {
    ...(method && { method }),
    ...(Object.keys(gitConfig).length > 0 && { gitConfig }),
  }
  return Object.keys(writeBackConfig).length > 0 ? { writeBackConfig } : {}
}

/** Settings that all images state alike. One image shares with nobody. */
function sharedSettings(all: readonly CarriedSettings[]): CarriedSettings {
  const [first, ...others] = all
  if (first === undefined || others.length === 0) return {}
  const shared = Object.entries(first).filter(([name, value]) =>
    others.every((settings) => isDeepStrictEqual(settings[name as keyof CarriedSettings], value)),
  )
  return Object.fromEntries(shared)
}

function patternOf(item: unknown): string {
  return isObject(item) ? String(item['namePattern']) : ''
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
