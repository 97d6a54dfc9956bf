import { UserError } from '../errors.ts'
import { SHORTEST_POLL } from '../rules/build-rule.ts'
import { WriteConflict } from '../writeback/apply.ts'
import { updateGroups } from './apply.ts'
import type { ApplyOutcome } from './apply-outcome.ts'
import type { CheckedImage, UpdatableImage } from './checked-image.ts'
import { isUpdatable } from './checked-image.ts'
import { EventQueue } from './event-queue.ts'
import type { ManagedImage, ManagedImages } from './managed-image.ts'
import { backoff } from './schedule.ts'
import { untilAborted } from './until-aborted.ts'
import { WatchApproval } from './watch-approval.ts'
import { WatchDesk, type WatchOrder } from './watch-desk.ts'
import type { WatchEvent, WatchSummary } from './watch-event.ts'
import { WatchFollowing } from './watch-following.ts'
import { WatchPolling } from './watch-polling.ts'
import type { WatchSettings, WatchWorld } from './watch-world.ts'

/** Timers of Node.js hold no longer times, milliseconds: they fire at once instead. */
const LONGEST_PAUSE = 2 ** 31 - 1

/**
 * The foreground loop: polls every image when it is due, tells what changed, and applies or asks. It goes
 * on through errors of single images and through cycles in which the cluster cannot be read (with
 * backoff). When `signal` aborts, the write in progress is finished and the loop ends with a summary.
 *
 * @param desk where a person's orders come in
 */
export async function* watch(
  world: WatchWorld,
  settings: WatchSettings,
  signal: AbortSignal,
  desk: WatchDesk = new WatchDesk(),
): AsyncGenerator<WatchEvent, WatchSummary> {
  const events = new EventQueue<WatchEvent>()
  const loop = new WatchLoop(world, settings, signal, (event) => events.push(event))
  const running = loop.run(desk).finally(() => events.close())
  // Told where it is awaited, below; the reader may leave earlier.
  running.catch(() => {})
  yield* events
  return await running
}

class WatchLoop {
  readonly #world: WatchWorld
  readonly #settings: WatchSettings
  readonly #signal: AbortSignal
  readonly #tell: (event: WatchEvent) => Promise<void>
  readonly #polling: WatchPolling
  readonly #approval: WatchApproval
  readonly #following: WatchFollowing
  #failures = 0
  #counts = { applied: 0, cycles: 0, declined: 0, failed: 0 }
  #nextAt = 0
  #paused = false

  constructor(
    world: WatchWorld,
    settings: WatchSettings,
    signal: AbortSignal,
    tell: (event: WatchEvent) => Promise<void>,
  ) {
    this.#world = world
    this.#settings = settings
    this.#signal = signal
    this.#tell = tell
    this.#polling = new WatchPolling(settings.interval)
    this.#approval = new WatchApproval(settings.approve)
    this.#following = new WatchFollowing(world, signal, tell, (keys, at) =>
      this.#polling.hasten(keys, at.getTime() + SHORTEST_POLL),
    )
  }

  async run(desk: WatchDesk): Promise<WatchSummary> {
    while (!this.#signal.aborted) {
      const idle = !this.#settings.once && this.#world.idle?.() === true
      if (idle) await this.#tell({ at: this.#world.now(), type: 'standing-by' })
      else if (!this.#paused && this.#world.now().getTime() >= this.#nextAt) await this.#cycle()
      if (this.#settings.once || this.#signal.aborted) break
      const { bell } = desk
      if (!bell.aborted) {
        await this.#world.pause(this.#rest(idle), bell)
      }
      for (const order of desk.take()) if (!this.#signal.aborted) await this.#obey(order)
    }
    await this.#following.end()
    const summary = { ...this.#counts, dryRun: this.#settings.dryRun, images: this.#polling.images }
    await this.#tell({ at: this.#world.now(), type: 'stopped', summary })
    return summary
  }

  /** Milliseconds until there may be something to do. */
  #rest(idle: boolean): number {
    // Nobody rings where the turn was ours again before anybody noticed that it was over.
    if (idle) return Math.min(this.#settings.interval, LONGEST_PAUSE)
    const wait = this.#paused ? LONGEST_PAUSE : this.#nextAt - this.#world.now().getTime()
    return Math.min(Math.max(0, wait), LONGEST_PAUSE)
  }

  async #cycle(): Promise<void> {
    const at = this.#world.now()
    const started = at.getTime()
    await this.#tell({ at, type: 'reading' })
    const loaded = await untilAborted(this.#load(), this.#signal)
    if (!loaded) return
    if (loaded instanceof UserError) {
      this.#failures += 1
      this.#nextAt = started + backoff(this.#failures, this.#settings.interval)
      const nextAt = new Date(this.#nextAt)
      await this.#tell({ at: this.#world.now(), type: 'cycle-failed', error: loaded, nextAt })
      return
    }
    this.#failures = 0
    const problems = this.#polling.newProblems(loaded.warnings)
    if (problems.length > 0) await this.#tell({ at: this.#world.now(), type: 'problems', problems })
    const due = this.#due(loaded, started)
    await this.#tell({ at: this.#world.now(), type: 'polling', images: due.length })
    const checked = await untilAborted(this.#world.check(due, this.#polling.firstSeen), this.#signal)
    if (!checked) return
    this.#counts.cycles += 1
    this.#polling.polled(due, checked, started, this.#world.now().getTime())
    const changed = this.#remember([...checked, ...loaded.faulty, ...(loaded.unreadable ?? [])])
    this.#nextAt = this.#polling.nextAt(started)
    await this.#tell({
      at: this.#world.now(),
      type: 'cycle',
      images: this.#polling.images,
      changed,
      nextAt: new Date(this.#nextAt),
      polls: this.#polling.times,
    })
    try {
      for (const group of updateGroups(checked.filter(isUpdatable))) {
        if (this.#signal.aborted) return
        await this.#applyGroup(group)
      }
    } finally {
      await this.#world.keepPending?.()
    }
  }

  async #obey(order: WatchOrder): Promise<void> {
    const at = this.#world.now()
    switch (order.type) {
      case 'apply':
        for (const group of updateGroups(order.images)) await this.#write(group, true)
        return
      case 'decline':
        for (const image of order.images) await this.#decline(image)
        return
      case 'poll':
        if (order.afresh) this.#polling.forgetFirstSeen()
        this.#pollNow(order.keys ?? this.#polling.keys)
        return
      case 'pause':
      case 'resume':
        this.#paused = order.type === 'pause'
        await this.#tell({ at, type: this.#paused ? 'paused' : 'resumed' })
    }
  }

  #pollNow(keys: readonly string[]): void {
    const now = this.#world.now().getTime()
    this.#polling.hasten(keys, now)
    if (keys.length > 0) this.#nextAt = Math.min(this.#nextAt, now)
  }

  async #load(): Promise<ManagedImages | UserError> {
    try {
      return await this.#world.load()
    } catch (error) {
      if (error instanceof UserError) return error
      throw error
    }
  }

  #due(loaded: ManagedImages, now: number): ManagedImage[] {
    const { images, faulty, unreadable = [] } = loaded
    const pollable = new Set(images.map(({ key }) => key))
    const known = new Set([...pollable, ...[...faulty, ...unreadable].map(({ key }) => key)])
    this.#polling.keep(pollable, known)
    this.#approval.keep(known)
    return this.#polling.due(loaded, now, (key) => this.#approval.isPending(key))
  }

  #remember(rows: readonly CheckedImage[]): CheckedImage[] {
    for (const row of rows) if (!isUpdatable(row)) this.#approval.clear(row.key)
    return this.#polling.remember(rows)
  }

  async #applyGroup(group: readonly UpdatableImage[]): Promise<void> {
    const barred = this.#world.barrier?.(group) ?? ''
    const { fresh, toAsk, unasked } = this.#approval.split(group, barred)
    if (toAsk.length > 0 && barred === '' && this.#world.ask) {
      const yes = await this.#world.ask(toAsk)
      if (this.#signal.aborted) return
      if (yes) return this.#write(fresh, true)
      for (const image of toAsk) await this.#decline(image)
    } else {
      for (const image of toAsk) await this.#wait(image, barred)
    }
    if (unasked.length > 0) await this.#write(unasked, false)
  }

  async #wait(image: UpdatableImage, barred: string): Promise<void> {
    const since = await this.#world.pendingSince(image)
    const reason = this.#approval.wait(image, barred)
    await this.#tell({ at: this.#world.now(), image, reason, since, type: 'pending' })
  }

  async #decline(image: UpdatableImage): Promise<void> {
    this.#approval.settle(image)
    this.#counts.declined += 1
    await this.#tell({ at: this.#world.now(), type: 'declined', image })
  }

  async #write(images: readonly UpdatableImage[], asked: boolean): Promise<void> {
    const barred = this.#world.barrier?.(images) ?? ''
    if (barred !== '') {
      for (const image of images) {
        await this.#tell({ at: this.#world.now(), image, reason: barred, type: 'unchanged' })
      }
      return
    }
    await this.#tell({ at: this.#world.now(), images, type: 'applying' })
    const outcomes = await this.#world.apply(images, asked)
    for (const outcome of outcomes) await this.#report(outcome)
    // What a person said yes to is not as they saw it any more: they are to see how it is now.
    if (asked) this.#pollNow(outcomes.filter(isOvertaken).map(({ image }) => image.key))
    this.#pollNow(this.#pendingBeside(outcomes))
    const written = outcomes.some(({ state }) => state === 'applied')
    if (!this.#settings.dryRun && written) this.#following.begin(outcomes)
  }

  /** What waits in an Application that was just written: a yes to it as it was read would be overtaken by that. */
  #pendingBeside(outcomes: readonly ApplyOutcome[]): string[] {
    const written = outcomes.flatMap(({ image, state }) => (state === 'applied' ? [image.application] : []))
    return this.#approval.pending.filter((key) => {
      const row = this.#polling.row(key)
      return row !== undefined && isUpdatable(row) && written.includes(row.application)
    })
  }

  async #report(outcome: ApplyOutcome): Promise<void> {
    const at = this.#world.now()
    const { image } = outcome
    if (outcome.state === 'failed') {
      this.#counts.failed += 1
      await this.#tell({ at, error: outcome.error, image, type: 'apply-failed' })
    } else if (outcome.state === 'applied') {
      this.#counts.applied += 1
      this.#approval.clear(image.key)
      const { dryRun } = this.#settings
      if (dryRun) this.#approval.settle(image)
      else this.#polling.written(followed(image), image.decision.target.digest || image.scan.winner?.digest)
      const { unrecorded } = outcome
      await this.#tell({ at, dryRun, image, type: 'applied', ...(unrecorded && { unrecorded }) })
    } else {
      await this.#tell({ at, image, reason: outcome.reason, type: 'unchanged' })
    }
  }
}

/** The row of an image that was just written, until the next poll looks at it again. */
function followed(image: UpdatableImage): CheckedImage {
  return { ...image, decision: { kind: 'rolling', reason: 'applied, the Pods follow' }, writes: [] }
}

/** Somebody else was quicker. */
function isOvertaken(outcome: ApplyOutcome): boolean {
  return (
    outcome.state === 'unchanged' || (outcome.state === 'failed' && outcome.error instanceof WriteConflict)
  )
}
