import type { Application } from '../application/application.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { isWorkloadKind } from '../application/workload.ts'
import type { ApplyOutcome } from './apply-outcome.ts'
import type { EngineContext } from './context.ts'
import {
  type FollowEvent,
  type FollowOptions,
  type FollowWorld,
  followApplication,
  followWorkload,
} from './follow.ts'
import { overrideOf } from './plan.ts'
import { takeTurns } from './take-turns.ts'

export interface FollowOutcomesOptions extends FollowOptions {
  /** Whether Argo CD was asked to sync what was written. */
  readonly syncRequested: boolean
  readonly pause: FollowWorld['pause']
}

/** Each holds a connection open, of 16 there are to an API server. */
const FOLLOWED_AT_ONCE = 8

type Applied = ApplyOutcome & { state: 'applied' }

/**
 * Follows everything that `applyUpdates` wrote: Applications whose spec was written until they are Synced and
 * Healthy on it, those whose images were committed too, restarted workloads until they are rolled out. Every one of them ends with a final event;
 * the limit counts for all together. Nothing is told of a dry run, or of files.
 */
export async function* followOutcomes(
  context: Pick<EngineContext, 'cluster' | 'now' | 'workloadsOf'>,
  outcomes: readonly ApplyOutcome[],
  { limit, signal, syncRequested, pause }: FollowOutcomesOptions,
): AsyncGenerator<FollowEvent, void> {
  const { cluster } = context
  if (!cluster) return
  const end = context.now().getTime() + limit
  const left = () => Math.max(0, end - context.now().getTime())
  const world = { now: () => context.now(), pause }
  const applied = outcomes.filter((outcome): outcome is Applied => outcome.state === 'applied')
  const starts = [...Map.groupBy(applied, ({ image }) => image.application)].flatMap(([application, own]) => {
    const { name, namespace = '' } = application.metadata
    const written = own.flatMap(({ objects = [] }) => objects)
    const goals = [specGoal(own), commitGoal(own, application)].filter((goal) => goal !== undefined)
    return [
      ...goals.map(
        (spec) => (until: AbortSignal) =>
          followApplication(
            { ...world, client: cluster },
            { ...spec, syncRequested },
            { limit: left(), signal: until },
          ),
      ),
      ...workloadsIn(written).map(
        (workload) =>
          async function* (until: AbortSignal) {
            const { client } = await context.workloadsOf(application)
            if (!client) return
            const restarted = { ...workload, application: `${namespace}/${name}` }
            yield* followWorkload({ ...world, client }, restarted, { limit: left(), signal: until })
          },
      ),
    ]
  })
  yield* takeTurns(starts, FOLLOWED_AT_ONCE, signal)
}

/** What was written into the spec of one Application; the last answer is of all its images together. */
function specGoal(own: readonly Applied[]) {
  const inSpec = own.filter(({ image }) => image.decision.place === 'spec')
  const written = inSpec.flatMap(({ objects = [] }) => objects).at(-1)
  if (!written) return undefined
  return { overrides: inSpec.map(({ image }) => overrideOf(image)), written: written as Application }
}

/** What was committed to the branch that is deployed; any other waits for somebody to merge it. */
function commitGoal(own: readonly Applied[], written: Application) {
  const committed = own.filter(({ commit }) => commit?.deployed)
  if (committed.length === 0) return undefined
  return { committed: true, overrides: committed.map(({ image }) => overrideOf(image)), written }
}

/** Each workload once, though several of its images were written. */
function workloadsIn(objects: readonly KubernetesObject[]) {
  const found = objects.flatMap(({ kind = '', metadata: { name, namespace = '' } }) =>
    isWorkloadKind(kind) ? [{ kind, name, namespace }] : [],
  )
  return [...new Map(found.map((one) => [`${one.kind}/${one.namespace}/${one.name}`, one])).values()]
}
