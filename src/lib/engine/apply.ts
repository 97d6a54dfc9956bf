import type { Author, ChangeEntry } from '../application/change-record.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import type { DryRun } from '../cluster/client.ts'
import { UserError } from '../errors.ts'
import { applyWrite, type Outcome, WriteBarred, WriteConflict } from '../writeback/apply.ts'
import { recordWrite } from '../writeback/record-write.ts'
import type { ObjectWrite } from '../writeback/write.ts'
import type { ApplyOutcome } from './apply-outcome.ts'
import { checkImages, type Permissions } from './check.ts'
import { isUpdatable, type UpdatableImage } from './checked-image.ts'
import type { EngineContext } from './context.ts'
import { commitUpdates } from './git/commit-updates.ts'
import { reloadImages } from './load.ts'
import { type PlannedWrite, planApplication } from './plan.ts'
import { recordFor } from './record.ts'

export interface ApplyOptions {
  readonly dryRun: DryRun
  /**
   * Whether a person saw the diff and said yes. Then a change by somebody else ends in an error, because
   * the yes was not for what would be written now; otherwise the images are read and decided again.
   */
  readonly asked: boolean
  /**
   * Whether what was decided again may be written unasked as well: it can be a bigger step than the first.
   * Absent: anything may.
   */
  readonly mayApply?: (image: UpdatableImage) => boolean
  /** For the Application's record of changes; absent: nothing is recorded. */
  readonly author?: Author
  /** Why nothing may be written just now, asked before each write; '' when it may. Absent: it may. */
  readonly barrier?: () => string
  /** As when the updates were decided first. */
  readonly permissions?: Permissions
}

/** How often a write is decided anew after somebody's edit before it is given up. */
const TRIES = 3

/**
 * What is written together, in the order in which it comes: the updates of one Application, or, where they are
 * committed, those of one repository and branch. Two files may hold Applications of one name.
 */
export function updateGroups(images: readonly UpdatableImage[]): UpdatableImage[][] {
  const groups = Map.groupBy(images, ({ application, commit }) => commit?.group ?? application)
  return [...groups.values()]
}

/**
 * Applies the updates of one Application: its spec in a single patch for all images, then workload after
 * workload. What cannot be written becomes an outcome of the images it carries and stops no other.
 */
export async function applyUpdates(
  context: EngineContext,
  group: readonly UpdatableImage[],
  options: ApplyOptions,
): Promise<ApplyOutcome[]> {
  if (group[0]?.decision.place === 'git') return commitUpdates(context, group, options)
  const settled: ApplyOutcome[] = []
  let images = group
  for (let attempt = 1; images.length > 0; attempt += 1) {
    const { outcomes, conflicted } = await writeOnce(context, images, options)
    settled.push(...outcomes)
    if (conflicted.length === 0) break
    if (options.asked || attempt >= TRIES) {
      settled.push(...conflicted)
      break
    }
    const again = await decideAgain(
      context,
      conflicted.map(({ image }) => image),
      options.permissions ?? {},
    )
    settled.push(...again.settled)
    images = again.images.filter((image) => options.mayApply?.(image) ?? true)
    for (const image of again.images) {
      if (images.includes(image)) continue
      settled.push({ image, reason: `${image.decision.reason}, which needs approval`, state: 'unchanged' })
    }
  }
  return settled
}

type Failed = ApplyOutcome & { state: 'failed' }

async function writeOnce(
  context: EngineContext,
  images: readonly UpdatableImage[],
  options: ApplyOptions,
): Promise<{ outcomes: ApplyOutcome[]; conflicted: Failed[] }> {
  const failures = new Map<UpdatableImage, UserError>()
  const written = new Map<UpdatableImage, readonly KubernetesObject[]>()
  const { author } = options
  const entries = author && (await entriesFor(context, images, author))
  for (const planned of planApplication(images, entries && ((image) => entries.get(image) as ChangeEntry))) {
    const result = await write(context, planned, options)
    for (const image of planned.images) {
      if (result instanceof UserError) failures.set(image, result)
      else if (result !== 'unchanged') written.set(image, [...(written.get(image) ?? []), ...result])
    }
  }
  const outcomes: ApplyOutcome[] = []
  const conflicted: Failed[] = []
  for (const image of images) {
    const error = failures.get(image)
    const objects = written.get(image)
    if (error instanceof WriteBarred) outcomes.push({ image, reason: error.message, state: 'unchanged' })
    else if (error)
      (error instanceof WriteConflict ? conflicted : outcomes).push({ error, image, state: 'failed' })
    else if (objects) {
      const entry = image.decision.place === 'workloads' ? entries?.get(image) : undefined
      const unrecorded = entry && (await note(context, image, entry, options.dryRun))
      outcomes.push({
        image,
        state: 'applied',
        ...(objects.length > 0 && { objects }),
        ...(unrecorded && { unrecorded }),
      })
    } else outcomes.push({ image, reason: 'somebody else wrote it already', state: 'unchanged' })
  }
  return { conflicted, outcomes }
}

async function entriesFor(
  context: EngineContext,
  images: readonly UpdatableImage[],
  author: Author,
): Promise<ReadonlyMap<UpdatableImage, ChangeEntry>> {
  const entries = images.map(async (image) => [image, await recordFor(context, image, author)] as const)
  return new Map(await Promise.all(entries))
}

/** Notes a restart in the Application. The restart stands whatever becomes of the note. */
async function note(
  { applications }: EngineContext,
  { application }: UpdatableImage,
  entry: ChangeEntry,
  dryRun: DryRun,
): Promise<UserError | undefined> {
  try {
    await applications.write(recordWrite(application, [entry]), { dryRun })
    return undefined
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

async function write(
  context: EngineContext,
  { write, images }: PlannedWrite,
  options: ApplyOptions,
): Promise<readonly KubernetesObject[] | 'unchanged' | UserError> {
  try {
    const outcome = await writeWhere(context, images, write, options)
    if (outcome.status === 'gone') {
      return new UserError(
        `${write.kind.split('.', 1)[0]} "${write.path.name}" was deleted meanwhile: nothing was written`,
      )
    }
    if (outcome.status === 'unchanged') return 'unchanged'
    return outcome.status === 'applied' ? [outcome.object] : []
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

async function writeWhere(
  context: EngineContext,
  [image]: readonly UpdatableImage[],
  write: ObjectWrite,
  { barrier, dryRun }: ApplyOptions,
): Promise<Outcome> {
  if (image?.decision.place !== 'workloads') return context.applications.write(write, { barrier, dryRun })
  const { client, problem } = await context.workloadsOf(image.application)
  if (!client) throw new UserError(problem)
  return applyWrite(client, write, { barrier, dryRun })
}

async function decideAgain(
  context: EngineContext,
  images: readonly UpdatableImage[],
  permissions: Permissions,
): Promise<{ images: UpdatableImage[]; settled: ApplyOutcome[] }> {
  try {
    for (const { application } of images.slice(0, 1)) context.forgetWorkloads(application)
    const firstSeen = new Map(images.map(({ key, running }) => [key, running.firstSeenDigest]))
    const checked = await checkImages(context, await reloadImages(context, images), {
      ...permissions,
      firstSeen,
    })
    const settled: ApplyOutcome[] = []
    const updatable: UpdatableImage[] = []
    for (const image of images) {
      const now = checked.find(({ key }) => key === image.key)
      if (!now) settled.push({ image, reason: 'its rule is gone', state: 'unchanged' })
      else if (isUpdatable(now)) updatable.push(now)
      else if (now.state === 'failed') settled.push({ error: now.error, image, state: 'failed' })
      else settled.push({ image, reason: now.decision.reason, state: 'unchanged' })
    }
    return { images: updatable, settled }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { images: [], settled: images.map((image) => ({ error, image, state: 'failed' })) }
  }
}
