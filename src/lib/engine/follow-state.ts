import { isDeepStrictEqual } from 'node:util'
import type { Application } from '../application/application.ts'
import { applicationField } from '../application/application-field.ts'
import { liveImages } from '../application/live-images.ts'
import type { ObjectField } from '../application/object-field.ts'
import { type ImageOverride, planOverride, UnsupportedSourceError } from '../application/override/override.ts'
import { type ImageReference, sameRepository } from '../image/reference.ts'
import { argoState } from './argo-state.ts'

/** What a write is followed to. */
export interface FollowGoal {
  /** The Application as the API server answered the write: what it says of health and sync is of before it. */
  readonly written: Application
  /** What was written; none where the write took an override away. */
  readonly overrides: readonly ImageOverride[]
  /** Whether Argo CD was asked to sync, so that an Application that is not automated is worth waiting for. */
  readonly syncRequested: boolean
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
  const compared = hasCompared(application, goal.written)
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
  if (!compared) return tell('waiting', argo.troubles[0] ?? 'Argo CD has not compared it yet')
  return tell('waiting', argo.troubles[0] ?? 'Argo CD has not synced it yet')
}

/** Whether the spec no longer says what was written. */
function isOverwritten(application: Application, { overrides }: FollowGoal): boolean {
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

/**
 * Whether Argo CD has compared the spec as it is now. Where it does not say what it compared with, or cannot
 * say it in these terms (it hydrates another branch), a comparison since the write has to do.
 */
function hasCompared(application: Application, written: Application): boolean {
  const root = applicationField(application)
  const compared = root.member('status').member('sync').member('comparedTo')
  const hydrated = root.member('spec').member('sourceHydrator').value !== undefined
  if (compared.value !== undefined && !hydrated) {
    return isDeepStrictEqual(overridesIn(compared), overridesIn(root.member('spec')))
  }
  const at = (one: Application) => applicationField(one).member('status').member('reconciledAt').text()
  return at(application) !== '' && at(application) !== at(written)
}

/** Whether the last operation began after the write, and synced what the spec says as far as that is known. */
function isOperationSince(application: Application, written: Application): boolean {
  const operationOf = (one: Application) => applicationField(one).member('status').member('operationState')
  const startedAt = operationOf(application).member('startedAt').text()
  if (startedAt === '' || startedAt === operationOf(written).member('startedAt').text()) return false
  const result = operationOf(application).member('syncResult')
  const known = result.member('source').value !== undefined || result.member('sources').items().length > 0
  const spec = applicationField(application).member('spec')
  return !known || isDeepStrictEqual(overridesIn(result), overridesIn(spec))
}

/** The blocks of each source that override images. */
function overridesIn(holder: ObjectField): readonly unknown[] {
  const several = holder.member('sources').items()
  const sources = several.length > 0 ? several : [holder.member('source')]
  return sources.map((source) =>
    ['kustomize', 'helm', 'plugin'].map((block) => withoutEmpty(source.member(block).value)),
  )
}

/** Argo CD leaves out what is empty when it writes a source down. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(withoutEmpty)
  if (typeof value !== 'object' || value === null) {
    return value === '' || value === false || value === null ? undefined : value
  }
  const kept = Object.entries(value)
    .map(([key, member]): [string, unknown] => [key, withoutEmpty(member)])
    .filter(([, member]) => member !== undefined)
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
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
