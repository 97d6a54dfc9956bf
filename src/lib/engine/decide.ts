import { type ImageReference, repositoryName, sameRepository, withTag } from '../image/reference.ts'
import { comparedPart } from '../policy/tag-pattern.ts'
import type { UpdateRule } from '../rules/update-rule.ts'
import { type Bump, bump } from '../version/bump.ts'
import { parseVersion } from '../version/version.ts'
import { currentReference, type RunningImage } from './running-image.ts'

/** The tag a rule chose, as far as it had to be known. */
export interface Winner {
  readonly tag: string
  /** '' when the rule compares names only. */
  readonly digest: string
  /** For an index, the digests of its manifests: a Pod that reports one of them runs the winner. */
  readonly manifests: readonly string[]
}

/** Where a change of an image can be written: the Application's spec, or only the workloads themselves. */
export type Place = 'spec' | 'workloads'

/** What should happen to one image of one Application, and why. */
export type Decision =
  | { readonly kind: 'up-to-date'; readonly reason: string }
  | {
      readonly kind: 'update'
      readonly reason: string
      readonly target: ImageReference
      readonly place: Place
      readonly bump: Bump
    }
  /** It was written already; the Pods have yet to follow. */
  | { readonly kind: 'rolling'; readonly reason: string }
  /** There is something newer, and this tool may not or cannot write it. */
  | { readonly kind: 'blocked'; readonly reason: string; readonly target: ImageReference }
  | { readonly kind: 'not-running'; readonly reason: string }
  | { readonly kind: 'no-candidate'; readonly reason: string }

/**
 * Whether a rule compares the digest behind the tag as well as the tag: always for `digest`, for
 * `newest-build` because its tags may move in place, and wherever the digest is to be pinned.
 */
export function followsDigest(rule: UpdateRule): boolean {
  return rule.pinDigest || rule.strategy === 'digest' || rule.strategy === 'newest-build'
}

/**
 * Compares what runs with what the rule chose.
 *
 * @param place where the Application lets an image be changed
 */
export function decide(rule: UpdateRule, running: RunningImage, winner: Winner, place: Place): Decision {
  const current = currentReference(running)
  if (!current) return decideNotRunning(rule, winner, place)
  if (current.tag !== winner.tag) return decideNewTag(rule, running, current, winner, place)
  const declared = running.images.declared.image
  if (declared && !sameRepository(declared, rule.image)) {
    const reason = `the spec names ${repositoryName(declared)}, the rule ${repositoryName(rule.image)}`
    return written(rule, winner, place, reason, 'none', followsDigest(rule) ? winner.digest : '')
  }
  if (!followsDigest(rule))
    return { kind: 'up-to-date', reason: `${winner.tag} is the newest that the rule allows` }
  return decideSameTag(rule, running, winner, place)
}

function decideNotRunning(rule: UpdateRule, winner: Winner, place: Place): Decision {
  if (rule.forceUpdate && place === 'spec') {
    return written(rule, winner, place, 'nothing runs it yet (force-update)', 'none', pinned(rule, winner))
  }
  return {
    kind: 'not-running',
    reason: `${repositoryName(rule.image)} is neither in the spec nor among the live images${
      place === 'spec' ? '; force-update: "true" writes it all the same' : ''
    }`,
  }
}

function decideNewTag(
  rule: UpdateRule,
  running: RunningImage,
  current: ImageReference,
  winner: Winner,
  place: Place,
): Decision {
  const step = stepBetween(rule, current.tag, winner.tag)
  if (step === 'downgrade') {
    return {
      kind: 'blocked',
      reason: `the newest allowed tag ${winner.tag} is older than the running ${current.tag}: nothing is downgraded unasked`,
      target: withTag(rule.image, winner.tag),
    }
  }
  if (place === 'workloads' || rule.writeBack.method === 'restart') {
    return {
      kind: 'blocked',
      reason: tagObstacle(rule, running, current.tag, winner.tag),
      target: withTag(rule.image, winner.tag, followsDigest(rule) ? winner.digest : ''),
    }
  }
  const digest = pinned(rule, winner) || (current.digest && followsDigest(rule) ? winner.digest : '')
  return written(
    rule,
    winner,
    place,
    current.tag || current.digest
      ? `${winner.tag} is newer than ${current.tag || current.digest}`
      : `${winner.tag} is the newest that the rule allows, and no tag is set`,
    step,
    digest,
  )
}

/** How far a version step goes; `none` where the rule compares no versions, or one of the tags is none. */
function stepBetween(rule: UpdateRule, fromTag: string, toTag: string): Bump {
  if (rule.strategy !== 'semver') return 'none'
  const part = comparedPart(rule.tagPattern)
  const [from, to] = [part(fromTag), part(toTag)].map((text) => parseVersion(text ?? ''))
  return from && to ? bump(from, to) : 'none'
}

/** Why another tag cannot be set, where only the workloads themselves can be written. */
function tagObstacle(rule: UpdateRule, { images }: RunningImage, from: string, to: string): string {
  if (rule.writeBack.method === 'restart') {
    return `write-back-method restart sets no tag: moving from ${from} to ${to} needs write-back-method argocd`
  }
  if (images.source.sourceType === '') {
    return `it is not known yet how Argo CD renders the source, so ${to} cannot be set: wait until it has compared the Application`
  }
  return `a plain manifest names the tag ${from}: moving to ${to} needs a change in git`
}

function decideSameTag(rule: UpdateRule, running: RunningImage, winner: Winner, place: Place): Decision {
  const restarts = place === 'workloads' || rule.writeBack.method === 'restart'
  const upToDate: Decision = { kind: 'up-to-date', reason: `runs the digest that ${winner.tag} names now` }
  const moved = `${winner.tag} moved to another digest`
  const declared = running.images.declared.image
  if (!restarts && declared?.digest) {
    return declared.digest === winner.digest
      ? upToDate
      : written(rule, winner, place, moved, 'none', winner.digest)
  }
  if (!restarts && pinned(rule, winner)) {
    return written(
      rule,
      winner,
      place,
      `${winner.tag} is not pinned to its digest yet`,
      'none',
      winner.digest,
    )
  }
  const runs = running.pods?.digests ?? []
  if (runs.length > 0) {
    const current = new Set([winner.digest, ...winner.manifests])
    if (runs.every((digest) => current.has(digest))) return upToDate
  } else if (running.firstSeenDigest === '' || running.firstSeenDigest === winner.digest) {
    return {
      kind: 'up-to-date',
      reason: `the running digest is not known (${running.pods?.unknown || 'no Pod reports it'}): compared with what was first seen`,
    }
  }
  return written(rule, winner, place, moved, 'none', winner.digest)
}

function pinned(rule: UpdateRule, winner: Winner): string {
  return rule.pinDigest || rule.strategy === 'digest' ? winner.digest : ''
}

function written(
  rule: UpdateRule,
  winner: Winner,
  place: Place,
  reason: string,
  step: Bump,
  digest: string,
): Decision {
  const target = withTag(rule.image, winner.tag, digest)
  if (rule.writeBack.method === 'git') {
    return {
      kind: 'blocked',
      reason: `${reason}; write-back-method ${rule.writeBack.written} is not available in this version`,
      target,
    }
  }
  return {
    kind: 'update',
    reason,
    target,
    place: rule.writeBack.method === 'restart' ? 'workloads' : place,
    bump: step,
  }
}
