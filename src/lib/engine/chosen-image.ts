import type { Application } from '../application/application.ts'
import type { Author, ChangeEntry } from '../application/change-record.ts'
import { applicationOwners } from '../application/owners.ts'
import { runningImages } from '../application/running-images.ts'
import { type ImageReference, repositoryName, tagWithDigest } from '../image/reference.ts'
import { comparedPart } from '../policy/tag-pattern.ts'
import { type ControlSubject, type HoldOrder, holdAnnotations } from '../rules/control-annotations.ts'
import type { UpdateRule } from '../rules/update-rule.ts'
import { bump } from '../version/bump.ts'
import { parseVersion } from '../version/version.ts'
import { annotationWrite } from '../writeback/annotation-write.ts'
import { applicationWrite } from '../writeback/application-write.ts'
import { joinedWrite } from '../writeback/joined-write.ts'
import type { ObjectWrite } from '../writeback/write.ts'
import type { ManagedImage } from './managed-image.ts'
import { declaredOrLive } from './running-image.ts'

/** A tag that a person chose for an image, found to exist. */
export interface ChosenImage {
  readonly image: ManagedImage
  readonly target: ImageReference
  /** What the tag names; '' where it is not known. */
  readonly digest: string
  /** What is replaced, as text; '' where nothing is known to run. */
  readonly from: string
  /** What a person has to know before they say yes, one line each. */
  readonly warnings: readonly string[]
  /** Where the choice comes from, for people; '' where a person named it. */
  readonly source: string
}

/** What is written beside the images. */
export interface ChoiceOrders {
  /** The images to hold, and how; absent: none. */
  readonly hold?: { readonly subjects: readonly ControlSubject[]; readonly order: HoldOrder }
  readonly author: Author
  readonly now: Date
}

/**
 * One patch that puts the chosen images into the Application, holds them, and records who did that; done as
 * a whole or not at all. Undefined where all of it is so already.
 */
export function chosenWrite(
  application: Application,
  chosen: readonly ChosenImage[],
  { hold, author, now }: ChoiceOrders,
): ObjectWrite | undefined {
  const spec = applicationWrite(
    application,
    chosen.map(({ image: { rule }, target }) => ({
      image: target,
      targets: rule.targets,
      writeBack: rule.writeBack,
    })),
  )
  const record = chosen
    .filter(({ from, target }) => from !== tagWithDigest(target))
    .map((one): ChangeEntry => ({ ...author, at: now.toISOString(), ...entryOf(one) }))
  const annotations = application.metadata.annotations ?? {}
  const held = hold && holdAnnotations(annotations, hold.subjects, hold.order, now)
  const write = joinedWrite([spec, held && annotationWrite(application, held)])
  return write && (spec && record.length > 0 ? { ...write, record } : write)
}

function entryOf({ digest, from, image: { rule }, target }: ChosenImage) {
  const to = tagWithDigest(target)
  return { digest: target.digest || digest, from, image: rule.alias || repositoryName(rule.image), to }
}

/** What runs of an image, as text: the spec's word, else what is live; '' for nothing known. */
export function currentText({ application, rule }: ManagedImage): string {
  const current = declaredOrLive(runningImages(application, rule))
  return current ? tagWithDigest(current) : ''
}

/** That a step goes down, in words for the question; '' where it does not, or nobody can tell. */
export function downgradeText(rule: UpdateRule, from: string, to: string): string {
  const part = comparedPart(rule.tagPattern)
  const [before, after] = [from, to].map((text) => parseVersion(part(text.split('@')[0] ?? '') ?? ''))
  if (!before || !after || bump(before, after) !== 'downgrade') return ''
  return `${to.split('@')[0]} is lower than ${from.split('@')[0]}`
}

/** Who puts their own spec back sooner or later, one line each. */
export function ownerWarnings(application: Application): readonly string[] {
  return applicationOwners(application).map(
    ({ kind, name, knownBy }) =>
      `${kind} "${name}" (${knownBy}) owns the Application and may put its own spec back`,
  )
}
