import type { Application } from '../../lib/application/application.ts'
import type { ImageTargets } from '../../lib/engine/annotated-targets.ts'
import type { ImageReference } from '../../lib/image/reference.ts'
import type { RegistryAccess } from '../../lib/registry/registry.ts'
import type { RuleAnswers, Setting } from '../../lib/rules/rule-answers.ts'
import type { TagsAtHand } from './choices.ts'

/** Where the rule will be written, as far as the questions depend on it. */
export type RuleForm = 'annotations' | 'image-updater'

/** A rule on its way, with everything its questions look at. */
export interface RuleDraft {
  readonly answers: RuleAnswers
  /** What the annotations say already, and go on to say where nothing else is answered. */
  readonly written: Partial<RuleAnswers>
  readonly application: Application
  readonly image: ImageReference
  readonly registry: RegistryAccess
  readonly atHand: TagsAtHand
  readonly targets: ImageTargets
  readonly form: RuleForm
}

/** How a setting is asked for that not everybody is asked for. */
export interface SettingQuestion {
  readonly setting: Setting
  readonly meaning: string
  /** Absent: as a text that the rule reader takes. */
  readonly kind?: 'yes-no' | 'tags' | 'platforms' | 'helm'
  /** Only where the source is of this type. */
  readonly type?: ImageTargets['overrideType']
}
