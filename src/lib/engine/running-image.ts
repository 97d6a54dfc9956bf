import type { RunningImages } from '../application/running-images.ts'
import type { ImageReference } from '../image/reference.ts'

/**
 * What an Application runs of one image, from every place that tells, each kept apart so that a
 * disagreement can be shown instead of skipped.
 */
export interface RunningImage {
  /** What the spec declares and what Argo CD sees live. */
  readonly images: RunningImages
  /** What the Pods report; undefined when nobody had to ask them. */
  readonly pods: RunningPods | undefined
  /** Digest that an earlier cycle of the same watch saw first; '' when there was none. */
  readonly firstSeenDigest: string
}

export interface RunningPods {
  /** Each digest once; empty when no Pod tells one. */
  readonly digests: readonly string[]
  /** Why there are none, '' when there are. */
  readonly unknown: string
}

/** The reference to show and compare with: the spec's word first, then what is live; undefined: nowhere. */
export function currentReference({ images }: RunningImage): ImageReference | undefined {
  return declaredOrLive(images)
}

/** The same, before anybody asked the Pods. */
export function declaredOrLive({ declared, live }: RunningImages): ImageReference | undefined {
  return declared.image ?? live[0]
}

/** The digest that runs, '' when nothing tells it. */
export function currentDigest({ images, pods }: RunningImage): string {
  const live = images.live.find(({ digest }) => digest !== '')
  return images.declared.image?.digest || pods?.digests[0] || live?.digest || ''
}

/** Disagreements between spec, status and Pods, one plain sentence each; empty when all agree. */
export function disagreements({ images, pods }: RunningImage): string[] {
  const notes = images.note === '' ? [] : [images.note]
  const declared = images.declared.image?.digest ?? ''
  if (!pods || pods.digests.length === 0) return notes
  if (pods.digests.length > 1) notes.push('Pods run several digests: a rollout is under way')
  else if (declared !== '' && !pods.digests.includes(declared)) {
    notes.push('the Pods do not run the digest of the spec: not synced yet')
  }
  return notes
}
