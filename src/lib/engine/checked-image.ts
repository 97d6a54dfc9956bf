import type { Application } from '../application/application.ts'
import { UserError } from '../errors.ts'
import type { ImageReference } from '../image/reference.ts'
import type { RuleProblem, UpdateRule } from '../rules/update-rule.ts'
import type { ObjectWrite } from '../writeback/write.ts'
import type { Decision } from './decide.ts'
import type { GitPlace } from './git/git-place.ts'
import type { RunningImage } from './running-image.ts'
import type { Scan } from './scan.ts'

interface Subject {
  /** The image key by which every later cycle knows it again: `argocd/shop/web`. */
  readonly key: string
  readonly application: Application
  readonly alias: string
  /** What the rule follows, as written; '' when the rule could not be read that far. */
  readonly image: string
}

/** One image of one Application after `check`: decided, or failed with the reason. */
export type CheckedImage = DecidedImage | FailedImage

export interface DecidedImage extends Subject {
  readonly state: 'decided'
  readonly rule: UpdateRule
  readonly running: RunningImage
  readonly scan: Scan
  readonly decision: Decision
  /** What `update` would write; empty unless the decision is an update, and where it is committed instead. */
  readonly writes: readonly ObjectWrite[]
  /** Where an update is committed; absent where it is not. */
  readonly commit?: GitPlace
}

export interface FailedImage extends Subject {
  readonly state: 'failed'
  /** Absent when the rule itself is faulty. */
  readonly rule: UpdateRule | undefined
  readonly error: UserError
}

/** An image whose rule cannot be used. */
export type FaultyImage = FailedImage & { readonly error: RuleFault }

/** An image that has an update to apply. */
export type UpdatableImage = DecidedImage & { decision: { kind: 'update'; target: ImageReference } }

export function isUpdatable(image: CheckedImage): image is UpdatableImage {
  return image.state === 'decided' && image.decision.kind === 'update'
}

/** Rows as people look for them: by namespace and Application, images in the order of the rules. */
export function sortRows(rows: readonly CheckedImage[]): CheckedImage[] {
  const place = ({ application: { metadata } }: CheckedImage) =>
    `${metadata.namespace ?? ''}/${metadata.name}`
  return rows.toSorted((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0))
}

/** A rule that a person wrote and that cannot be used: names the key, the value, what is wrong and what is right. */
export class RuleFault extends UserError {
  readonly fault: RuleProblem

  constructor(fault: RuleProblem) {
    const { kind, object } = fault.origin
    const where = kind === 'image-updater' ? `ImageUpdater ${object}: ` : ''
    super(`${where}${fault.key} ${JSON.stringify(fault.value)}: ${fault.problem}`, fault.remedy)
    this.fault = fault
  }
}
