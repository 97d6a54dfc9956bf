import { humanDuration } from '../age.ts'
import { rfc3339 } from '../moment.ts'
import { matureAt } from '../policy/maturity.ts'
import { type Controls, isHeld, MAX_BUMPS } from '../rules/controls.ts'
import type { ArgoState } from './argo-state.ts'
import type { Gate, GateFacts, Proposal } from './gate.ts'
import type { RunningImage } from './running-image.ts'

/** `hold` and `hold-until`: nothing where nobody holds the image. */
export function holdGate({ hold }: Controls, now: Date): Gate[] {
  if (hold === undefined) return []
  if (!isHeld(hold, now)) {
    const end = hold.until ? rfc3339(hold.until) : ''
    return [{ name: 'hold', reason: `held until ${end}, which is over`, verdict: 'ok' }]
  }
  const until = hold.until ? ` until ${rfc3339(hold.until)}` : ''
  const by = hold.by === '' ? '' : ` by ${hold.by}`
  const why = hold.reason === '' ? '' : `: ${hold.reason}`
  return [{ name: 'hold', reason: `held${until}${by}${why}`, verdict: 'stop' }]
}

/** A digest of a moving tag that was declined; whole tags are dropped before. */
export function skipGate({ target }: Proposal, { skips }: Controls): Gate[] {
  const skipped = skips.find(
    ({ tag, digest }) => tag === target.tag && digest !== '' && digest === target.digest,
  )
  if (!skipped) return []
  const reason = `this digest of ${target.tag} was declined: the next one is offered again`
  return [{ name: 'skip', reason, verdict: 'stop' }]
}

/** `max-bump`: a bigger step, and one whose size nobody can tell, is a person's. */
export function maxBumpGate({ bump, from, target }: Proposal, { maxBump }: Controls): Gate[] {
  if (maxBump === undefined || bump === 'downgrade') return []
  const gate = (verdict: Gate['verdict'], reason: string): Gate => ({ name: 'max-bump', reason, verdict })
  if (bump === 'none') {
    const step = from ? `${from} → ${target.tag}` : `the step to ${target.tag}`
    return [gate('ask', `how big ${step} is cannot be told (max-bump ${maxBump})`)]
  }
  const size = bump === 'pre-release' ? 'patch' : bump
  const words = `${from} → ${target.tag} is ${bump}`
  return MAX_BUMPS.indexOf(size) <= MAX_BUMPS.indexOf(maxBump)
    ? [gate('ok', `${words}, the rule allows ${maxBump}`)]
    : [gate('ask', `${words} (max-bump ${maxBump})`)]
}

/** `min-age`: what nobody knows the age of is not old enough. */
export function minAgeGate({ minAge }: Controls, { age, now }: GateFacts): Gate[] {
  if (minAge === undefined) return []
  const wanted = humanDuration(minAge)
  const gate = (verdict: Gate['verdict'], reason: string): Gate => ({ name: 'min-age', reason, verdict })
  if (age === undefined) return [gate('wait', `${wanted}, and nobody knows how old it is`)]
  const ready = matureAt(age, minAge)
  const clock = age.clock === 'registry' ? 'pushed' : 'first seen'
  const is = `${clock} ${humanDuration(now.getTime() - age.since.getTime())} ago`
  if (ready <= now) return [gate('ok', `${wanted}, ${is}`)]
  const left = humanDuration(ready.getTime() - now.getTime())
  return [{ ...gate('wait', `${wanted}, ${is}: ready in ${left}`), until: ready }]
}

/**
 * An Application that Argo CD is still working on waits: what was written last has not been seen to run, and
 * one change at a time can be told apart when something breaks. Where the last sync failed, or the
 * Application is Degraded, a newer image may be the cure.
 */
export function argoGate({ place }: Proposal, { images }: RunningImage, argo: ArgoState | undefined): Gate[] {
  if (argo === undefined || argo.sync === '') return []
  const gate = (verdict: Gate['verdict'], reason: string): Gate => ({ name: 'argo-cd', reason, verdict })
  const state = [argo.sync, argo.health].filter(Boolean).join(', ')
  if (argo.syncing) return [gate('wait', 'is syncing the Application')]
  // A restart tells by the workload itself whether it is under way.
  if (place === 'workloads') return [gate('ok', state)]
  if (argo.health === 'Degraded' || argo.syncFailed) return [gate('ok', `${state}: a newer image may help`)]
  if (argo.health === 'Progressing') return [gate('wait', 'reports Progressing: a rollout is under way')]
  if (!argo.autoSync) return [gate('ok', state)]
  if (argo.sync === 'OutOfSync')
    return [gate('wait', 'reports OutOfSync: it has yet to sync the Application')]
  if (!images.agrees) return [gate('wait', `has yet to bring what the spec says: ${images.note}`)]
  return [gate('ok', state)]
}
