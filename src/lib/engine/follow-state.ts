import type { Application } from '../application/application.ts'
import { applicationField } from '../application/application-field.ts'
import { liveImages } from '../application/live-images.ts'
import { type ImageOverride, planOverride, UnsupportedSourceError } from '../application/override/override.ts'
import { type ImageReference, sameRepository } from '../image/reference.ts'
import { argoState } from './argo-state.ts'
import { hasCompared, hasMoved, isOperationSince } from './compared-spec.ts'

/** What a write is followed to. */
export interface FollowGoal {
  /** The Application as the API server answered the write: what it says of health and sync is of before it. */
  readonly written: Application
  /** What was written; none where the write took an override away. */
  readonly overrides: readonly ImageOverride[]
  /** Whether Argo CD was asked to sync, so that an Application that is not automated is worth waiting for. */
  readonly syncRequested: boolean
  /** Whether it was committed: then `written` is the Application before, whose spec says nothing of it. */
  readonly committed?: boolean
}

export type FollowedState =
  /** Argo CD has not compared or not synced what was written. */
  | 'waiting'
  /** It is in the cluster; the Pods follow. */
  | 'synced'
  /** Final: it is in the cluster, healthy, and the images run. */
  | 'healthy'
  /** Final: it is in the cluster and does not work. */
  | 'degraded'
  /** Final: the sync failed, somebody wrote something else, or the object is gone. */
  | 'failed'
  /** Final: nobody will sync it. */
  | 'not-syncing'

/** Where an Application is on its way from a write to running it. */
export interface FollowState {
  readonly state: FollowedState
  /** `Synced`, `OutOfSync`, `Unknown`; '' where it is not known. */
  readonly sync: string
  /** `Healthy`, `Progressing`, …; '' where it is not known. */
  readonly health: string
  /** Of the last operation: `Running`, `Succeeded`, `Failed`, …; '' where there was none. */
  readonly phase: string
  /** What it waits for or how it ended, without a period; text of the cluster is in it. */
  readonly message: string
  /** Whether it was Degraded already when the write was made: then the write may not be to blame. */
  readonly degradedBefore: boolean
}

/** A condition that keeps nothing from syncing. */
const WARNING = /^\w*Warning:/

const FINAL: ReadonlySet<string> = new Set(['healthy', 'degraded', 'failed', 'not-syncing'])

/** Whether there is nothing more to wait for. */
export function isFinal({ state }: { readonly state: string }): boolean {
  return FINAL.has(state)
}

/**
 * Where the Application is now, by what Argo CD reports. Its report counts only if it is on what was written:
 * `status.sync.comparedTo` has to hold the overrides that the spec has, or health and sync are still those
 * of before the write. A final state stays.
 *
 * @throws MalformedFieldError naming the field that has the wrong shape.
 */
export function followState(
  before: FollowState | undefined,
  application: Application,
  goal: FollowGoal,
): FollowState {
  if (before !== undefined && isFinal(before)) return before
  const argo = argoState(application)
  const operation = applicationField(application).member('status').member('operationState')
  const phase = operation.member('phase').text()
  const degradedBefore = argoState(goal.written).health === 'Degraded'
  const tell = (state: FollowedState, message: string): FollowState => ({
    degradedBefore,
    health: argo.health,
    message,
    phase,
    state,
    sync: argo.sync,
  })
  if (application.metadata.uid !== goal.written.metadata.uid) {
    return tell('failed', 'it was deleted and created again')
  }
  if (isOverwritten(application, goal)) {
    return tell('failed', 'somebody has written something else since')
  }
  const own = isOperationSince(application, goal.written)
  const compared = goal.committed
    ? hasMoved(application, goal.written)
    : hasCompared(application, goal.written)
  if (compared && (argo.sync === 'Synced' || (own && phase === 'Succeeded'))) {
    if (argo.health === 'Degraded') return tell('degraded', unhealthy(application) || 'it is Degraded')
    if (argo.sync === 'Synced') return settled(application, goal, argo.health, tell)
  }
  const message = operation.member('message').text()
  if (own && argo.syncFailed) {
    return tell('failed', `the sync ${phase.toLowerCase()}: ${message}`)
  }
  if (argo.syncing) return tell('waiting', phase === 'Running' && message ? `syncing: ${message}` : 'syncing')
  if (!argo.autoSync && !goal.syncRequested) {
    return tell('not-syncing', 'Argo CD will not sync this by itself')
  }
  const trouble = argo.troubles.find((text) => !WARNING.test(text))
  return tell('waiting', trouble ?? `Argo CD has not ${compared ? 'synced' : 'compared'} it yet`)
}

/** Whether the spec no longer says what was written. */
function isOverwritten(application: Application, { committed, overrides }: FollowGoal): boolean {
  if (committed) return false
  try {
    return planOverride(application, overrides).operations.length > 0
  } catch (error) {
    // Argo CD forgets the type of a source that it cannot render just now.
    if (error instanceof UnsupportedSourceError) return false
    throw error
  }
}

function settled(
  application: Application,
  goal: FollowGoal,
  health: string,
  tell: (state: FollowedState, message: string) => FollowState,
): FollowState {
  if (health !== 'Healthy') {
    return tell('synced', unhealthy(application) || `it is ${health || 'of unknown health'}`)
  }
  const missing = imagesToSee(goal).find((image) => !runs(application, image))
  if (missing) return tell('synced', `Argo CD does not see ${missing.repository}:${missing.tag} run yet`)
  return tell('healthy', 'it runs what was written')
}

/** The written images that Argo CD can be expected to see: it saw their repositories run before. */
function imagesToSee({ written, overrides }: FollowGoal): readonly ImageReference[] {
  const before = liveImages(written)
  return overrides
    .map(({ image }) => image)
    .filter((image) => before.some((live) => sameRepository(live, image)))
}

function runs(application: Application, image: ImageReference): boolean {
  return liveImages(application).some(
    (live) =>
      sameRepository(live, image) &&
      (image.tag === '' || live.tag === image.tag) &&
      (image.digest === '' || live.digest === '' || live.digest === image.digest),
  )
}

/** The resources that are not well, worst first as Argo CD weighs them: `deployment/web: exceeded its …`. */
function unhealthy(application: Application): string {
  const resources = applicationField(application).member('status').member('resources').items()
  const told = resources.flatMap((resource) => {
    const health = resource.member('health')
    const status = health.member('status').text()
    if (status === '' || status === 'Healthy') return []
    const title = `${resource.member('kind').text().toLowerCase()}/${resource.member('name').text()}`
    return [{ status, text: `${title}: ${health.member('message').text() || status}` }]
  })
  const degraded = told.filter(({ status }) => status === 'Degraded')
  return (degraded.length > 0 ? degraded : told).map(({ text }) => text).join(', ')
}
