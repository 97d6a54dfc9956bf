import type { Application } from '../../application/application.ts'
import type { DryRun } from '../../cluster/client.ts'
import { UserError } from '../../errors.ts'
import { WriteConflict } from '../../writeback/apply.ts'
import { basisChanges } from '../../writeback/decision-basis.ts'
import type { ApplyOutcome } from '../apply-outcome.ts'
import type { UpdatableImage } from '../checked-image.ts'
import { concurrently } from '../concurrently.ts'
import type { EngineContext } from '../context.ts'
import type { GitDoor } from './git-door.ts'
import { waitingFor } from './waiting-for.ts'

/**
 * Commits the updates of one repository and branch. An Application that somebody has changed since (a hold of
 * a colleague, say) stays out, and so does one whose file cannot be edited; the others go on.
 */
export async function commitUpdates(
  context: Pick<EngineContext, 'applications' | 'concurrency' | 'git'>,
  group: readonly UpdatableImage[],
  { barrier, dryRun }: { readonly barrier?: () => string; readonly dryRun: DryRun },
): Promise<ApplyOutcome[]> {
  const { git } = context
  if (!git) throw new Error('an update is to be committed where nothing is committed')
  const applications = [...new Set(group.map((image) => image.application))]
  const conflicts = new Map(
    await concurrently(applications, context.concurrency, async (application) => [
      application,
      await conflictOf(context, application),
    ]),
  )
  const refused = group.flatMap((image): ApplyOutcome[] => {
    const error = conflicts.get(image.application)
    return error ? [{ error, image, state: 'failed' }] : []
  })
  const images = group.filter(({ application }) => conflicts.get(application) === undefined)
  if (images.length === 0) return refused
  const barred = barrier?.() ?? ''
  if (barred !== '') {
    return [
      ...refused,
      ...images.map((image): ApplyOutcome => ({ image, reason: barred, state: 'unchanged' })),
    ]
  }
  const settling = dryRun === 'none' ? committed(git, images) : previewed(git, images)
  return [...refused, ...(await outcomesOf(images, settling))]
}

/** What git made of updates: errors of Applications, and what became of the images of the others. */
interface Settled {
  readonly failures: ReadonlyMap<Application, UserError>
  outcomeOf(image: UpdatableImage): ApplyOutcome
}

async function previewed(git: GitDoor, images: readonly UpdatableImage[]): Promise<Settled> {
  const { failures } = await git.preview(images)
  return { failures, outcomeOf: (image) => ({ image, state: 'applied' }) }
}

async function committed(git: GitDoor, images: readonly UpdatableImage[]): Promise<Settled> {
  const { branch, commit, deployed, failures, request } = await git.commit(images)
  return {
    failures,
    outcomeOf: (image) =>
      commit === ''
        ? { image, reason: waitingFor({ branch, commit, deployed, request }), state: 'unchanged' }
        : { commit: { branch, deployed, id: commit, request }, image, state: 'applied' },
  }
}

/** An error of the repository is one of every image. */
async function outcomesOf(
  images: readonly UpdatableImage[],
  settling: Promise<Settled>,
): Promise<ApplyOutcome[]> {
  try {
    const { failures, outcomeOf } = await settling
    return images.map((image): ApplyOutcome => {
      const error = failures.get(image.application)
      return error ? { error, image, state: 'failed' } : outcomeOf(image)
    })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return images.map((image): ApplyOutcome => ({ error, image, state: 'failed' }))
  }
}

async function conflictOf(
  { applications }: Pick<EngineContext, 'applications'>,
  application: Application,
): Promise<UserError | undefined> {
  try {
    const changes = basisChanges(application, await applications.again(application))
    if (changes.length === 0) return undefined
    const [{ field }] = changes as [(typeof changes)[number]]
    return new WriteConflict(`application "${application.metadata.name}"`, changes, field)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}
