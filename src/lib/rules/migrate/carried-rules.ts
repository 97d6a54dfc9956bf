import type { ImageReference } from '../../image/reference.ts'
import type { ManifestTargets, RuleProblem, UpdateRule, WriteBack } from '../update-rule.ts'

/** `commonUpdateSettings` of an ImageUpdater: what annotations and resources both can say of one image. */
export interface CarriedSettings {
  readonly updateStrategy?: string
  readonly forceUpdate?: boolean
  readonly allowTags?: string
  readonly ignoreTags?: readonly string[]
  readonly pullSecret?: string
  readonly platforms?: readonly string[]
}

/** One image on its way from one form to the other. */
export interface CarriedImage {
  /** Legal in both forms, and never ''. */
  readonly alias: string
  readonly image: ImageReference
  readonly settings: CarriedSettings
  readonly targets: ManifestTargets
  /** As it was read, to compare with what the other form reads as. */
  readonly rule: UpdateRule
}

/** Everything one Application takes along. */
export interface CarriedRules {
  readonly namespace: string
  readonly application: string
  /** In the order they were written. */
  readonly images: readonly CarriedImage[]
  /** `method` absent: argocd. */
  readonly writeBack: Omit<WriteBack, 'method' | 'written'> & { readonly method?: string }
}

/** What the other form cannot say. */
export interface Loss {
  /** `argocd/shop` */
  readonly object: string
  /** '' for the Application as a whole. */
  readonly alias: string
  /** The setting, by the name of its annotation, or of the field of an ImageUpdater. */
  readonly key: string
  readonly value: string
  readonly reason: string
  /** `setting`: the image goes without it. `image`: the image stays behind. `rule`: it goes, and means something else. */
  readonly extent: 'setting' | 'image' | 'rule'
}

/** What can be carried over from one Application, and what not. */
export interface Carried {
  /** Absent when no image is left. */
  readonly rules?: CarriedRules
  readonly losses: readonly Loss[]
  /** What a person should know beside losses, one line each. */
  readonly notes: readonly string[]
}

/** `argocd/shop` */
export function objectName(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}/${name}`
}

/** An image that does not work where it is cannot go anywhere. */
export function faultLoss(object: string, { alias, key, value, problem, remedy }: RuleProblem): Loss {
  return { object, alias, key, value, reason: remedy ? `${problem}. ${remedy}` : problem, extent: 'image' }
}
