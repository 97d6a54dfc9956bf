import { type ImageReference, repositoryName, sameRepository, withTag } from '../image/reference.ts'
import { comparedPart } from '../policy/tag-pattern.ts'
import type { UpdateRule } from '../rules/update-rule.ts'
import { type Bump, bump as bumpBetween } from '../version/bump.ts'
import { parseVersion } from '../version/version.ts'
import type { Gate, GateFacts, Place, Proposal } from './gate.ts'
import { closedGate, gatesOf } from './gates.ts'
import { currentReference, type RunningImage } from './running-image.ts'

/** The tag a rule chose, as far as it had to be known. */
export interface Winner {
  readonly tag: string
  /** '' when the rule compares names only. */
  readonly digest: string
  /** For an index, the digests of its manifests: a Pod that reports one of them runs the winner. */
  readonly manifests: readonly string[]
}

/** What should happen to one image of one Application, and why. */
export type Decision =
  | { readonly kind: 'up-to-date'; readonly reason: string }
  | {
      readonly kind: 'update'
      readonly reason: string
      readonly target: ImageReference
      readonly place: Place
      readonly bump: Bump
      readonly gates: readonly Gate[]
      /** Why a person has to say yes to just this, whatever is applied unasked; absent where nobody has to. */
      readonly approval?: string
    }
  /** It was written already; the Pods have yet to follow. */
  | { readonly kind: 'rolling'; readonly reason: string }
  /** There is something newer, and this tool may not or cannot write it. */
  | {
      readonly kind: 'blocked'
      readonly reason: string
      readonly target: ImageReference
      readonly gates: readonly Gate[]
    }
  /** Somebody wants the image to stay as it is. */
  | {
      readonly kind: 'held'
      readonly reason: string
      readonly target: ImageReference
      readonly gates: readonly Gate[]
    }
  /** There is something newer, and its time has not come. */
  | {
      readonly kind: 'waiting'
      readonly reason: string
      readonly target: ImageReference
      readonly gates: readonly Gate[]
      /** Absent where it is not known. */
      readonly until?: Date
    }
  | { readonly kind: 'not-running'; readonly reason: string }
  | { readonly kind: 'no-candidate'; readonly reason: string }

/**
 * Whether a rule compares the digest behind the tag as well as the tag: always for `digest`, for
 * `newest-build` because its tags may move in place, and wherever the digest is to be pinned.
 */
export function followsDigest(rule: UpdateRule): boolean {
  return rule.pinDigest || rule.strategy === 'digest' || rule.strategy === 'newest-build'
}

/** What a proposal has passed, or what it is kept by. */
export function decideProposal(
  proposed: Proposal,
  rule: UpdateRule,
  running: RunningImage,
  facts: GateFacts,
): Decision {
  const gates = gatesOf(proposed, rule, running, facts)
  const { from: _, ...update } = proposed
  const { target } = proposed
  const closed = closedGate(gates)
  if (!closed) return { kind: 'update', ...update, gates }
  const { name, reason, until, verdict } = closed
  if (verdict === 'ask') return { kind: 'update', ...update, gates, approval: reason }
  if (verdict === 'wait')
    return { kind: 'waiting', gates, reason: `${name} ${reason}`, target, ...(until && { until }) }
  if (name === 'hold') return { kind: 'held', gates, reason, target }
  // Every other gate says itself what is newer than what.
  return {
    kind: 'blocked',
    gates,
    reason: name === 'write-back' ? `${proposed.reason}; ${reason}` : reason,
    target,
  }
}

/**
 * Compares what runs with what the rule chose: what could be written, before anything that may keep it was
 * asked, or the decision where there is nothing to write.
 *
 * @param place where the Application lets an image be changed
 */
export function propose(
  rule: UpdateRule,
  running: RunningImage,
  winner: Winner,
  place: Place,
): Decision | Proposal {
  const current = currentReference(running)
  if (!current) return proposeUnseen(rule, running, winner, place)
  if (current.tag !== winner.tag) return proposeTag(rule, current, winner, place)
  const declared = running.images.declared.image
  if (declared && !sameRepository(declared, rule.image)) {
    const reason = `the spec names ${repositoryName(declared)}, the rule ${repositoryName(rule.image)}`
    return proposal(rule, winner, place, reason, followsDigest(rule) ? winner.digest : '')
  }
  if (!followsDigest(rule))
    return { kind: 'up-to-date', reason: `${winner.tag} is the newest that the rule allows` }
  return proposeDigest(rule, running, winner, place)
}

function proposeUnseen(
  rule: UpdateRule,
  { images: { source } }: RunningImage,
  winner: Winner,
  place: Place,
): Decision | Proposal {
  if (rule.forceUpdate && place !== 'workloads') {
    return proposal(rule, winner, place, 'nothing runs it yet (force-update)', pinned(rule, winner))
  }
  const advice =
    place !== 'workloads'
      ? '; force-update: "true" writes it all the same'
      : source.sourceType === ''
        ? `; a kustomize, helm or plugin block in ${source.field.path} would say where it belongs`
        : ''
  return {
    kind: 'not-running',
    reason: `${repositoryName(rule.image)} is neither in the spec nor among the live images${advice}`,
  }
}

function proposeTag(rule: UpdateRule, current: ImageReference, winner: Winner, place: Place): Proposal {
  const bump = stepBetween(rule, current.tag, winner.tag)
  const restarts = place === 'workloads' || rule.writeBack.method === 'restart'
  const repin = followsDigest(rule) && (current.digest !== '' || restarts) ? winner.digest : ''
  const before = current.tag || current.digest
  const reason = before
    ? `${winner.tag} is ${bump === 'downgrade' ? 'older' : 'newer'} than ${before}`
    : `${winner.tag} is the newest that the rule allows, and no tag is set`
  const found = proposal(rule, winner, place, reason, pinned(rule, winner) || repin)
  return { ...found, bump, from: current.tag }
}

/** How far a version step goes; `none` where the rule compares no versions, or one of the tags is none. */
function stepBetween(rule: UpdateRule, fromTag: string, toTag: string): Bump {
  if (rule.strategy !== 'semver') return 'none'
  const part = comparedPart(rule.tagPattern)
  const [from, to] = [part(fromTag), part(toTag)].map((text) => parseVersion(text ?? ''))
  return from && to ? bumpBetween(from, to) : 'none'
}

function proposeDigest(
  rule: UpdateRule,
  running: RunningImage,
  winner: Winner,
  place: Place,
): Decision | Proposal {
  const restarts = place === 'workloads' || rule.writeBack.method === 'restart'
  const upToDate: Decision = { kind: 'up-to-date', reason: `runs the digest that ${winner.tag} names now` }
  const moved = proposal(rule, winner, place, `${winner.tag} moved to another digest`, winner.digest)
  const declared = running.images.declared.image
  if (!restarts && declared?.digest) return declared.digest === winner.digest ? upToDate : moved
  if (!restarts && pinned(rule, winner)) {
    return { ...moved, reason: `${winner.tag} is not pinned to its digest yet` }
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
  return moved
}

function pinned(rule: UpdateRule, winner: Winner): string {
  return rule.pinDigest || rule.strategy === 'digest' ? winner.digest : ''
}

function proposal(rule: UpdateRule, winner: Winner, place: Place, reason: string, digest: string): Proposal {
  return {
    bump: 'none',
    place: rule.writeBack.method === 'restart' ? 'workloads' : place,
    reason,
    target: withTag(rule.image, winner.tag, digest),
  }
}
