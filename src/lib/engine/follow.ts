import type { Application } from '../application/application.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { type WorkloadReference, workloadPath, workloadTitle } from '../application/workload.ts'
import { applicationPath } from '../cluster/applications.ts'
import type { ClusterClient } from '../cluster/client.ts'
import { type Observation, observeObject } from '../cluster/observe.ts'
import type { ResourcePath } from '../cluster/resource-path.ts'
import { UserError } from '../errors.ts'
import {
  type FollowedState,
  type FollowGoal,
  type FollowState,
  followState,
  isFinal,
} from './follow-state.ts'
import { rolloutState } from './rollout-state.ts'

/** A step on the way from a write to what runs. Nothing follows a final one. */
export interface FollowEvent extends Omit<FollowState, 'state'> {
  readonly at: Date
  /** `argocd/shop` */
  readonly application: string
  /** What was looked at: `application/shop`, `deployment/web`. */
  readonly object: string
  /** `timed-out`: the limit came first. `stopped`: the signal did. Both are final. */
  readonly state: FollowedState | 'timed-out' | 'stopped'
}

export interface FollowWorld {
  readonly client: ClusterClient
  now(): Date
  /** Resolves after so many milliseconds, or as soon as `signal` aborts. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>
}

export interface FollowOptions {
  /** Milliseconds after which it is given up. */
  readonly limit: number
  readonly signal: AbortSignal
}

/** A workload that was restarted for an Application. `world.client` has to reach its cluster. */
export interface RestartedWorkload extends WorkloadReference {
  /** `argocd/shop` */
  readonly application: string
}

/**
 * Follows an Application after a write until it runs what was written, or it is clear that it will not, or
 * time is up. Tells each change of state, the final one last.
 */
export function followApplication(
  world: FollowWorld,
  goal: FollowGoal,
  options: FollowOptions,
): AsyncGenerator<FollowEvent, void> {
  const { name, namespace = '' } = goal.written.metadata
  return follow(world, options, {
    application: `${namespace}/${name}`,
    object: `application/${name}`,
    path: { ...applicationPath(namespace, name), name },
    next: (before, object) => followState(before, object as Application, goal),
  })
}

/** Follows the rollout of a restarted workload, as {@link followApplication} does an Application. */
export function followWorkload(
  world: FollowWorld,
  workload: RestartedWorkload,
  options: FollowOptions,
): AsyncGenerator<FollowEvent, void> {
  return follow(world, options, {
    application: workload.application,
    object: workloadTitle(workload),
    path: workloadPath(workload),
    next: (_, object) => ({ ...UNKNOWN, ...rolloutState({ kind: workload.kind, object }) }),
  })
}

/** What is followed: where it is, and what each look at it means. */
interface Followed {
  readonly application: string
  readonly object: string
  readonly path: ResourcePath & { readonly name: string }
  next(before: FollowState | undefined, object: KubernetesObject): FollowState
}

/** Timers of Node.js hold no longer times, milliseconds: they fire at once instead. */
const LONGEST_PAUSE = 2 ** 31 - 1

const UNKNOWN: FollowState = {
  degradedBefore: false,
  health: '',
  message: '',
  phase: '',
  state: 'waiting',
  sync: '',
}

async function* follow(
  world: FollowWorld,
  { limit, signal }: FollowOptions,
  followed: Followed,
): AsyncGenerator<FollowEvent, void> {
  const { application, object } = followed
  const ending = new AbortController()
  const end = () => ending.abort()
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  const observations = observeObject(world.client, followed.path, {
    pause: (milliseconds, until) => world.pause(milliseconds, until),
    signal: ending.signal,
  })
  const limitOrStop = world.pause(Math.min(limit, LONGEST_PAUSE), ending.signal).then(() => 'over' as const)
  let state: FollowState | undefined
  const event = (told: Omit<FollowEvent, 'at' | 'application' | 'object'>): FollowEvent => ({
    ...told,
    application,
    at: world.now(),
    object,
  })
  try {
    for (;;) {
      const looking = observations.next()
      // Where time is up first, nobody waits for this look any more.
      looking.catch(() => {})
      const seen = await Promise.race([looking, limitOrStop])
      if (seen === 'over' || seen.done) {
        yield event({ ...(state ?? UNKNOWN), state: signal.aborted ? 'stopped' : 'timed-out' })
        return
      }
      const next = stateAfter(followed, state, seen.value)
      if (!state || faceOf(next) !== faceOf(state)) yield event(next)
      state = next
      if (isFinal(state)) return
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    yield event({ ...(state ?? UNKNOWN), message: error.message, state: 'failed' })
  } finally {
    signal.removeEventListener('abort', end)
    end()
    // Not waited for: a look under way may take as long as a request.
    observations.return().catch(() => {})
  }
}

function stateAfter(followed: Followed, before: FollowState | undefined, seen: Observation): FollowState {
  switch (seen.type) {
    case 'object':
      return followed.next(before, seen.object)
    case 'gone':
      return { ...(before ?? UNKNOWN), message: 'it was deleted', state: 'failed' }
    case 'unreadable':
      return { ...(before ?? UNKNOWN), message: seen.error.message }
  }
}

function faceOf({ state, sync, health, phase, message }: FollowState): string {
  return JSON.stringify([state, sync, health, phase, message])
}
