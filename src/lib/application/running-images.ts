import {
  formatImageReference,
  type ImageReference,
  repositoryName,
  sameRepository,
} from '../image/reference.ts'
import type { Application } from './application.ts'
import { readImageText } from './image-text.ts'
import { type FollowedImage, liveImages } from './live-images.ts'
import { type DeclaredImage, declaredImage } from './override/override.ts'
import type { OverrideTargets } from './override/targets.ts'
import { tagValue } from './override/written-image.ts'
import { type ChosenSource, chooseSource } from './source-choice.ts'
import type { WriteBackPlace } from './source-type.ts'

/** What is asked about: an image of a rule, and where the rule says it is declared. */
export interface ImageQuestion extends FollowedImage {
  readonly targets: OverrideTargets
  readonly writeBack?: WriteBackPlace
}

/** What an Application declares and what Argo CD says it runs, for one image. */
export interface RunningImages {
  readonly source: ChosenSource
  /** What the Application's own spec says. */
  readonly declared: DeclaredImage
  /** What runs, by `status.summary.images`; several during a rollout, none when no Pod runs it. */
  readonly live: readonly ImageReference[]
  /** `forced`: neither runs nor is declared, but is to be updated nevertheless. */
  readonly found: 'live' | 'declared' | 'forced' | 'nowhere'
  /** Whether spec and status tell the same; true as well where only one of them tells anything. */
  readonly agrees: boolean
  /** What a person should know about it, one line; '' when there is nothing to tell. */
  readonly note: string
}

/**
 * Finds the image of a rule in the spec and in the status of an Application. Neither is skipped where the
 * other disagrees: an Application that is not synced, is in the middle of a rollout or is scaled to zero
 * still has an image that can be kept up to date.
 *
 * Repositories are compared in their canonical spelling. Where Kustomize replaces another name by the
 * image and nothing runs the image yet, Pods that still run the other name count.
 *
 * @throws MalformedFieldError naming the field that has the wrong shape.
 */
export function runningImages(application: Application, question: ImageQuestion): RunningImages {
  const { image, targets } = question
  const source = chooseSource(application, question.writeBack, targets)
  const declared = declaredImage(source, image, targets)
  const all = liveImages(application, [question])
  const live = liveFor(all, image, targets)
  const running = live.filter(({ tag, digest }) => tag !== '' || digest !== '')
  const found = findingOf(live, running, declared)
  const agrees = agreement(declared, running)
  return {
    source,
    declared,
    live: running,
    found,
    agrees,
    note: noteFor(application, question, declared, running, all),
  }
}

function findingOf(
  live: readonly ImageReference[],
  running: readonly ImageReference[],
  declared: DeclaredImage,
): RunningImages['found'] {
  if (running.length > 0) return 'live'
  if (declared.image !== undefined) return 'declared'
  return live.length > 0 ? 'forced' : 'nowhere'
}

function liveFor(
  all: readonly ImageReference[],
  image: ImageReference,
  targets: OverrideTargets,
): readonly ImageReference[] {
  const same = all.filter((other) => sameRepository(other, image))
  const original = readImageText(targets.kustomize?.name ?? '')
  if (same.length > 0 || original === undefined) return same
  return all.filter((other) => sameRepository(other, original))
}

function agreement({ image }: DeclaredImage, running: readonly ImageReference[]): boolean {
  if (image === undefined || running.length === 0) return true
  return running.every((other) => sameVersion(image, other))
}

/** Digests decide where both are known, tags otherwise. */
function sameVersion(a: ImageReference, b: ImageReference): boolean {
  return a.digest !== '' && b.digest !== '' ? a.digest === b.digest : a.tag === b.tag
}

function noteFor(
  { status }: Application,
  { image }: ImageQuestion,
  declared: DeclaredImage,
  running: readonly ImageReference[],
  all: readonly ImageReference[],
): string {
  const versions = running.map(versionOf).join(', ')
  if (declared.image === undefined && declared.text !== '') {
    return `${declared.field} is not an image reference: ${declared.text}`
  }
  if (running.length > 1) {
    return `${running.length} versions run at once (${versions}): a rollout is under way, or containers differ`
  }
  // A manifest on disk, or an Application that Argo CD has not looked at yet: nothing is known of Pods.
  if (status?.summary === undefined) return ''
  if (running.length === 0) {
    const why = 'scaled to zero, not synced, or a Job between runs'
    const others = all.map(formatImageReference).slice(0, 5).join(', ')
    const instead = others === '' || declared.image !== undefined ? '' : `; it runs ${others}`
    return `no Pod of the Application runs ${repositoryName(image)} (${why})${instead}`
  }
  if (declared.image !== undefined && !agreement(declared, running)) {
    const said = versionOf(declared.image)
    return `${declared.field} says ${said}, ${versions} runs: not synced yet, or a rollout is under way`
  }
  return ''
}

function versionOf(image: ImageReference): string {
  return tagValue(image) || 'no tag'
}
