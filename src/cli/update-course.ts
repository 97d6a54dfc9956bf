import { setTimeout as sleep } from 'node:timers/promises'
import type { DryRun } from '../lib/cluster/client.ts'
import { EventRecorder } from '../lib/cluster/events.ts'
import { operatorIdentity } from '../lib/cluster/operator-identity.ts'
import { type ArgoRequest, afterWrite } from '../lib/engine/after-write.ts'
import { type ApplyOptions, type ApplyOutcome, applyUpdates } from '../lib/engine/apply.ts'
import type { UpdatableImage } from '../lib/engine/checked-image.ts'
import type { FollowEvent } from '../lib/engine/follow.ts'
import { followOutcomes } from '../lib/engine/follow-outcomes.ts'
import { durationFlag } from './duration-flag.ts'
import type { Session } from './session.ts'
import { warn } from './session.ts'

/** What may be asked for beside a write; see `afterWriteFlags`. */
export interface AfterWriteFlags {
  readonly sync: boolean
  readonly refresh: boolean
  readonly wait?: string | undefined
}

/** So long what was written is followed where nobody says how long. */
export const FOLLOW_LIMIT = '5m'

/** How one command writes updates, and what goes with each write. */
export class UpdateCourse {
  readonly #session: Session
  readonly #recorder: EventRecorder | undefined
  readonly #request: ArgoRequest
  readonly #limit: number
  readonly #dryRun: DryRun
  readonly #how: string

  /** @param how the command as colleagues read of it: `update`, `watch --approve=minor` */
  constructor(session: Session, flags: AfterWriteFlags, dryRun: DryRun, how: string) {
    const { cluster } = session.engine
    this.#session = session
    this.#recorder = cluster && new EventRecorder(cluster, operatorIdentity())
    this.#request = flags.sync ? 'sync' : flags.refresh ? 'refresh' : 'nothing'
    this.#limit = durationFlag('--wait', flags.wait || FOLLOW_LIMIT)
    this.#dryRun = dryRun
    this.#how = how
  }

  /** Applies the updates of one Application, with all that belongs to it. */
  async apply(
    images: readonly UpdatableImage[],
    options: Omit<ApplyOptions, 'dryRun'>,
  ): Promise<readonly ApplyOutcome[]> {
    const { engine } = this.#session
    const outcomes = await applyUpdates(engine, images, { ...options, dryRun: this.#dryRun })
    const author = { how: options.asked ? `${this.#how}, approved` : this.#how, who: operatorIdentity() }
    const dryRun = this.#dryRun !== 'none'
    for (const warning of await afterWrite(engine, this.#recorder, outcomes, {
      author,
      dryRun,
      request: this.#request,
    }))
      warn(warning)
    return outcomes
  }

  /** Tells what becomes of what was written, until it is clear, time is up, or `signal` aborts. */
  follow(outcomes: readonly ApplyOutcome[], signal: AbortSignal): AsyncGenerator<FollowEvent, void> {
    return followOutcomes(this.#session.engine, outcomes, {
      limit: this.#limit,
      pause: (milliseconds, until) => sleep(milliseconds, undefined, { signal: until }).catch(() => {}),
      signal,
      syncRequested: this.#request === 'sync',
    })
  }
}
