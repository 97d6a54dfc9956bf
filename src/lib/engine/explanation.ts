import type { Application } from '../application/application.ts'
import type { ApplicationOwner } from '../application/owners.ts'
import type { ImageReference } from '../image/reference.ts'
import type { RuleProblem } from '../rules/update-rule.ts'
import type { WrittenSetting } from '../rules/written-settings.ts'
import type { FilePlace, WrittenText } from './application-store.ts'
import type { ArgoState } from './argo-state.ts'
import type { CheckedImage, RuleFault } from './checked-image.ts'
import type { NextStep } from './next-steps.ts'
import type { RunningStory } from './running-story.ts'
import type { TagStory } from './tag-story.ts'

/** The whole story of an Application's images. */
export interface ApplicationExplanation {
  readonly application: Application
  /** Where it is written, with `-f`: then nobody knows what runs, and Argo CD's state is not known either. */
  readonly file: FilePlace | undefined
  readonly argo: ArgoState
  readonly owners: readonly ApplicationOwner[]
  /** Every image that Argo CD reports, with a rule or without. */
  readonly live: readonly ImageReference[]
  /** Empty for an Application without rules. */
  readonly images: readonly ImageExplanation[]
  /** Warnings that belong to no single image. */
  readonly warnings: readonly RuleProblem[]
  /** What to do about an Application without rules; empty otherwise. */
  readonly next: readonly NextStep[]
}

/** The whole story of one image, as far as it can be told. */
export interface ImageExplanation {
  /**
   * As `check` decides it. With a fault, as if the faulty settings were not there; undefined where the
   * fault leaves no rule at all.
   */
  readonly checked: CheckedImage | undefined
  /** What is wrong with the rule: then nothing is updated, whatever `checked` says. */
  readonly faults: readonly RuleFault[]
  /** How people call it: the alias, else the repository, else the entry as written. */
  readonly name: string
  /** What the rule is made of, as written. */
  readonly keys: readonly WrittenSetting[]
  readonly warnings: readonly RuleProblem[]
  /** Undefined where the rule does not say which image, or the Application is malformed. */
  readonly running: RunningStory | undefined
  /** Undefined where the repository could not be listed. */
  readonly tags: TagStory | undefined
  /** With `-f`: what the update would change in the text of the file. */
  readonly texts: readonly WrittenText[]
  /** Requests to registries for this image. */
  readonly requests: number
  readonly next: readonly NextStep[]
}
