import type { Author } from '../application/change-record.ts'
import type { EventRecorder } from '../cluster/events.ts'
import { UserError } from '../errors.ts'
import type { ApplyOutcome } from './apply-outcome.ts'
import { requestRefresh, requestSync } from './argo-requests.ts'
import type { EngineContext } from './context.ts'
import { recordOutcomes } from './update-event.ts'

/** What Argo CD is asked to do at once for an Application whose spec was written, or whose files were. */
export type ArgoRequest = 'nothing' | 'refresh' | 'sync'

export interface AfterWriteOptions {
  readonly author: Author
  readonly dryRun: boolean
  readonly request: ArgoRequest
}

/**
 * What belongs to every write: an Event about each Application, and the request to Argo CD. Neither fails the
 * update, which is done already.
 *
 * @param recorder absent where there is no cluster
 * @returns what a person should know, one line each
 */
export async function afterWrite(
  context: Pick<EngineContext, 'cluster' | 'now'>,
  recorder: EventRecorder | undefined,
  outcomes: readonly ApplyOutcome[],
  { author, dryRun, request }: AfterWriteOptions,
): Promise<string[]> {
  if (dryRun || !recorder || !context.cluster) return []
  const warnings = await recordOutcomes(recorder, outcomes, { at: context.now(), author, dryRun })
  const written = outcomes.flatMap((outcome) =>
    outcome.state === 'applied' && isForArgo(outcome) ? [outcome.image.application] : [],
  )
  for (const application of new Set(written)) {
    try {
      if (request === 'refresh') await requestRefresh(context.cluster, application, 'normal')
      if (request === 'sync') await requestSync(context.cluster, application, { reason: author.how })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      warnings.push(error.message)
    }
  }
  return warnings
}

/** Whether Argo CD has something to look at: a restart is none of its business, and a branch of its own not yet. */
function isForArgo({ commit, image }: ApplyOutcome & { state: 'applied' }): boolean {
  return image.decision.place === 'spec' || commit?.deployed === true
}
