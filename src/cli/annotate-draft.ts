import type { Application } from '../lib/application/application.ts'
import type { ImageTargets } from '../lib/engine/annotated-targets.ts'
import type { ImageReference } from '../lib/image/reference.ts'
import type { RegistryAccess } from '../lib/registry/registry.ts'
import type { RuleAnswers } from '../lib/rules/write-annotations.ts'
import type { TagsAtHand } from './annotate-choices.ts'

/** Where the rule will be written, as far as the questions depend on it. */
export type RuleForm = 'annotations' | 'image-updater'

/** A rule on its way, with everything its questions look at. */
export interface RuleDraft {
  readonly answers: RuleAnswers
  readonly application: Application
  readonly image: ImageReference
  readonly registry: RegistryAccess
  readonly atHand: TagsAtHand
  readonly targets: ImageTargets
  readonly form: RuleForm
}

export type Answer = Exclude<keyof RuleAnswers, 'alias' | 'image'>

/** One setting beyond those that everybody is asked for. */
export interface Setting {
  readonly answer: Answer
  /** The key of its annotation. */
  readonly key: string
  readonly meaning: string
  /** How it is asked for; by default as a text that the rule reader takes. */
  readonly kind?: 'yes-no' | 'tags' | 'list' | 'platforms' | 'helm'
  /** Only where the source is of this type. */
  readonly type?: ImageTargets['overrideType']
}
