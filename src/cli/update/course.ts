import { setTimeout as sleep } from 'node:timers/promises'
import type { ChangeWay } from '../../lib/application/change-record.ts'
import type { DryRun } from '../../lib/cluster/client.ts'
import { EventRecorder } from '../../lib/cluster/events.ts'
import { type ArgoRequest, afterWrite } from '../../lib/engine/after-write.ts'
import { type ApplyOptions, applyUpdates } from '../../lib/engine/apply.ts'
import type { ApplyOutcome } from '../../lib/engine/apply-outcome.ts'
import type { UpdatableImage } from '../../lib/engine/checked-image.ts'
import type { FollowEvent } from '../../lib/engine/follow.ts'
import { followOutcomes } from '../../lib/engine/follow-outcomes.ts'
import { undoUpdates } from '../../lib/engine/undo.ts'
import { recordUndone } from '../../lib/engine/update-event.ts'
import { UserError } from '../../lib/errors.ts'
import { durationFlag } from '../flags/duration.ts'
import { type Session, warn } from '../session/session.ts'

/** What may be asked for beside a write; see `afterWriteFlags`. */
export interface AfterWriteFlags {
  readonly sync?: boolean
  readonly refresh?: boolean
  readonly wait?: string | undefined
  readonly 'rollback-on-degraded'?: boolean
}

/** So long what was written is followed where nobody says how long. */
const FOLLOW_LIMIT = '5m'

/** Milliseconds that `--wait` names. @throws DurationFlagError */
export function followLimit(wait: string | undefined): number {
  return durationFlag('--wait', wait || FOLLOW_LIMIT)
}

/** How one command writes updates, and what goes with each write: the record, Events, requests to Argo CD. */
export class UpdateCourse {
  readonly dryRun: DryRun
  /** Whether what makes its Application Degraded is taken back. */
  readonly undoes: boolean
  readonly #session: Session
  readonly #recorder: EventRecorder | undefined
  readonly #request: ArgoRequest
  readonly #limit: number
  readonly #how: ChangeWay
  readonly #why: string

  /** @param why what colleagues read beside an update that nobody was asked about: `--approve minor` */
  constructor(session: Session, flags: AfterWriteFlags, dryRun: DryRun, how: ChangeWay, why = '') {
    const { cluster } = session.engine
    this.dryRun = dryRun
    this.#session = session
    this.#recorder = cluster && new EventRecorder(cluster, session.operator)
    this.undoes = flags['rollback-on-degraded'] === true && dryRun === 'none'
    this.#request = flags.sync ? 'sync' : flags.refresh ? 'refresh' : 'nothing'
    this.#limit = followLimit(flags.wait)
    this.#how = how
    this.#why = why
  }

  /** Applies the updates of one Application, with all that belongs to it. */
  async apply(
    images: readonly UpdatableImage[],
    options: Omit<ApplyOptions, 'dryRun' | 'author'>,
  ): Promise<readonly ApplyOutcome[]> {
    const { dryRun } = this
    const { engine } = this.#session
    const author = this.#session.author(this.#how, options.asked ? 'approved' : this.#why)
    const outcomes = await applyUpdates(engine, images, { ...options, dryRun, ...(author && { author }) })
    if (!author) return outcomes
    const aside = { author, dryRun: dryRun !== 'none', request: this.#request }
    warnAll(await afterWrite(engine, this.#recorder, outcomes, aside))
    return outcomes
  }

  /**
   * Takes back updates of one Application that made it Degraded, and holds them.
   *
   * @param barrier why that may not be done just now, '' when it may
   * @returns why it could not be done
   */
  async undo(
    images: readonly UpdatableImage[],
    reason: string,
    barrier?: () => string,
  ): Promise<UserError | undefined> {
    const { engine } = this.#session
    const targets = images.map(({ decision }) => decision.target.tag).join(', ')
    const author = this.#session.author('rollback', `Degraded after ${targets}: ${reason}`)
    if (!author) return undefined
    try {
      const undone = await undoUpdates(engine, images, author, barrier)
      if (this.#recorder) warnAll(await recordUndone(this.#recorder, undone, author, engine.now()))
      return undefined
    } catch (error) {
      if (error instanceof UserError) return error
      throw error
    }
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

function warnAll(warnings: readonly string[]): void {
  for (const warning of warnings) warn(warning)
}
