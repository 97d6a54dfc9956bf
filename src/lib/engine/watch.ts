import { UserError } from '../errors.ts'
import { formatImageReference } from '../image/reference.ts'
import { SHORTEST_POLL } from '../rules/build-rule.ts'
import type { RuleProblem } from '../rules/update-rule.ts'
import { WriteConflict } from '../writeback/apply.ts'
import { updateGroups } from './apply.ts'
import type { ApplyOutcome } from './apply-outcome.ts'
import { type ApprovalMode, appliesUnasked } from './approval.ts'
import type { CheckedImage, UpdatableImage } from './checked-image.ts'
import { isUpdatable, sortRows } from './checked-image.ts'
import type { Decision } from './decide.ts'
import { EventQueue } from './event-queue.ts'
import type { FollowEvent } from './follow.ts'
import { closedGate } from './gates.ts'
import type { ManagedImage, ManagedImages } from './managed-image.ts'
import { backoff, Schedule } from './schedule.ts'
import { WatchDesk, type WatchOrder } from './watch-desk.ts'
import type { WatchEvent, WatchSummary } from './watch-event.ts'

/** The world as a watch needs it, so that its logic is tested with a fake clock and no cluster. */
export interface WatchWorld {
  /** Reads the Applications and their rules anew. */
  load(): Promise<ManagedImages>
  /** Polls the given images; `firstSeen` gives digests by image key that an earlier cycle saw. */
  check(images: readonly ManagedImage[], firstSeen: ReadonlyMap<string, string>): Promise<CheckedImage[]>
  /**
   * Applies the updates of one Application.
   *
   * @param asked whether a person saw just these and said yes
   */
  apply(images: readonly UpdatableImage[], asked: boolean): Promise<readonly ApplyOutcome[]>
  /** Tells what becomes of what was written; absent where nobody wants to know. */
  follow?(outcomes: readonly ApplyOutcome[]): AsyncIterable<FollowEvent>
  /** Takes back updates that made their Application Degraded, and holds them; absent where nobody wants that. */
  undo?(images: readonly UpdatableImage[], reason: string): Promise<UserError | undefined>
  /** Shows the diff and asks a person, while everything else waits; absent where nobody can be asked so. */
  ask?(images: readonly UpdatableImage[]): Promise<boolean>
  /** Why these updates may not be written just now; '' when they may. */
  barrier?(images: readonly UpdatableImage[]): string
  /** Since when an update waits for a person: now, unless it was noted before. */
  pendingSince(image: UpdatableImage): Promise<Date>
  /**
   * Keeps what {@link pendingSince} noted for the next watch, which may begin after a sudden end of this one; absent
   * where there is no next one.
   */
  keepPending?(): Promise<void>
  now(): Date
  /** Resolves after so many milliseconds, or at once when the watch is to stop or `wake` aborts. */
  pause(milliseconds: number, wake: AbortSignal): Promise<void>
}

export interface WatchSettings {
  /** Milliseconds between two polls of an image whose rule names no interval of its own. */
  readonly interval: number
  readonly once: boolean
  readonly approve: ApprovalMode
  readonly dryRun: boolean
}

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
  readonly #schedule = new Schedule()
  readonly #rows = new Map<string, CheckedImage>()
  readonly #shown = new Map<string, string>()
  readonly #firstSeen = new Map<string, string>()
  /** Targets by image key that need no second word: declined, or shown by a dry run. */
  readonly #settled = new Map<string, string>()
  /** Targets by image key that wait for a person, and why: told again when they were not on offer for a while. */
  readonly #pending = new Map<string, string>()
  readonly #following = new Set<Promise<void>>()
  #problems: ReadonlySet<string> = new Set()
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
  }

  async run(desk: WatchDesk): Promise<WatchSummary> {
    while (!this.#signal.aborted) {
      if (!this.#paused && this.#world.now().getTime() >= this.#nextAt) await this.#cycle()
      if (this.#settings.once || this.#signal.aborted) break
      const { bell } = desk
      if (!bell.aborted) {
        const wait = this.#paused ? LONGEST_PAUSE : this.#nextAt - this.#world.now().getTime()
        await this.#world.pause(Math.min(Math.max(0, wait), LONGEST_PAUSE), bell)
      }
      for (const order of desk.take()) if (!this.#signal.aborted) await this.#obey(order)
    }
    // With a stop they end by themselves.
    await Promise.all(this.#following)
    const summary = { ...this.#counts, dryRun: this.#settings.dryRun, images: this.#sorted() }
    await this.#tell({ at: this.#world.now(), type: 'stopped', summary })
    return summary
  }

  async #cycle(): Promise<void> {
    const started = this.#world.now().getTime()
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
    await this.#tellNewProblems(loaded.warnings)
    const due = this.#due(loaded, started)
    await this.#tell({ at: this.#world.now(), type: 'polling', images: due.length })
    const checked = await untilAborted(this.#world.check(due, this.#firstSeen), this.#signal)
    if (!checked) return
    this.#counts.cycles += 1
    for (const { key, rule } of due) {
      this.#schedule.polled(key, started, rule.pollInterval ?? this.#settings.interval)
    }
    this.#hastenWaiting(checked)
    const changed = this.#remember([...checked, ...loaded.faulty, ...(loaded.unreadable ?? [])])
    // The Applications are read once an interval however seldom their images are polled: rules come and go.
    const nextLoad = started + this.#settings.interval
    this.#nextAt = Math.min(this.#schedule.next(nextLoad), nextLoad)
    await this.#tell({
      at: this.#world.now(),
      type: 'cycle',
      images: this.#sorted(),
      changed,
      nextAt: new Date(this.#nextAt),
      polls: this.#polls(),
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
        this.#pollNow(order.keys ?? [...this.#rows.keys()])
        return
      case 'pause':
      case 'resume':
        this.#paused = order.type === 'pause'
        await this.#tell({ at, type: this.#paused ? 'paused' : 'resumed' })
    }
  }

  #pollNow(keys: readonly string[]): void {
    const now = this.#world.now().getTime()
    for (const key of keys) this.#schedule.hasten(key, now)
    if (keys.length > 0) this.#nextAt = Math.min(this.#nextAt, now)
  }

  #sorted(): CheckedImage[] {
    return sortRows([...this.#rows.values()])
  }

  #polls(): Map<string, Date> {
    return new Map(
      [...this.#rows.keys()].flatMap((key) => {
        const at = this.#schedule.at(key)
        return at === undefined ? [] : [[key, new Date(at)]]
      }),
    )
  }

  /** What waits for a moment that is known is looked at in that moment. */
  #hastenWaiting(rows: readonly CheckedImage[]): void {
    for (const row of rows) {
      if (row.state !== 'decided' || row.decision.kind !== 'waiting' || !row.decision.until) continue
      const soonest = this.#world.now().getTime() + SHORTEST_POLL
      this.#schedule.hasten(row.key, Math.max(row.decision.until.getTime(), soonest))
    }
  }

  async #load(): Promise<ManagedImages | UserError> {
    try {
      return await this.#world.load()
    } catch (error) {
      if (error instanceof UserError) return error
      throw error
    }
  }

  async #tellNewProblems(problems: readonly RuleProblem[]): Promise<void> {
    const fresh = problems.filter((problem) => !this.#problems.has(problemText(problem)))
    this.#problems = new Set(problems.map(problemText))
    if (fresh.length > 0) await this.#tell({ at: this.#world.now(), type: 'problems', problems: fresh })
  }

  #due({ images, faulty, unreadable = [] }: ManagedImages, now: number): ManagedImage[] {
    const pollable = new Set(images.map(({ key }) => key))
    const known = new Set([...pollable, ...[...faulty, ...unreadable].map(({ key }) => key)])
    this.#schedule.keep(pollable)
    for (const map of [this.#rows, this.#shown, this.#firstSeen, this.#settled, this.#pending]) {
      for (const key of map.keys()) if (!known.has(key)) map.delete(key)
    }
    const due = this.#schedule.due([...pollable], now)
    // What waits for a yes is read again together with the others of its Application, of which one write is made.
    const read = new Set(images.filter(({ key }) => due.has(key)).map(({ application }) => application))
    return images.filter(
      ({ application, key }) => due.has(key) || (this.#pending.has(key) && read.has(application)),
    )
  }

  /** Keeps the rows and returns those that look different from what was last shown. */
  #remember(rows: readonly CheckedImage[]): CheckedImage[] {
    return rows.filter((row) => {
      this.#rows.set(row.key, row)
      if (!isUpdatable(row)) this.#pending.delete(row.key)
      const digest = row.state === 'decided' ? row.scan.winner?.digest : undefined
      if (digest && !this.#firstSeen.has(row.key)) this.#firstSeen.set(row.key, digest)
      const face = faceOf(row)
      const changed = this.#shown.get(row.key) !== face
      this.#shown.set(row.key, face)
      return changed
    })
  }

  async #applyGroup(group: readonly UpdatableImage[]): Promise<void> {
    const barred = this.#world.barrier?.(group) ?? ''
    const fresh = group.filter(
      (image) =>
        this.#settled.get(image.key) !== targetOf(image) &&
        this.#pending.get(image.key) !== pendingOf(image, barred),
    )
    const unasked =
      barred === '' ? fresh.filter(({ decision }) => appliesUnasked(this.#settings.approve, decision)) : []
    const toAsk = fresh.filter((image) => !unasked.includes(image))
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

  /** What was not written for want of permission is offered again as soon as that is there. */
  async #wait(image: UpdatableImage, barred: string): Promise<void> {
    const since = await this.#world.pendingSince(image)
    this.#pending.set(image.key, pendingOf(image, barred))
    const reason = image.decision.approval ?? (barred || `--approve ${this.#settings.approve}`)
    await this.#tell({ at: this.#world.now(), image, reason, since, type: 'pending' })
  }

  async #decline(image: UpdatableImage): Promise<void> {
    this.#settled.set(image.key, targetOf(image))
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
    if (!this.#settings.dryRun && outcomes.some(({ state }) => state === 'applied')) this.#follow(outcomes)
  }

  /** What waits in an Application that was just written: a yes to it as it was read would be overtaken by that. */
  #pendingBeside(outcomes: readonly ApplyOutcome[]): string[] {
    const written = outcomes.flatMap(({ image, state }) => (state === 'applied' ? [image.application] : []))
    return [...this.#pending.keys()].filter((key) => {
      const row = this.#rows.get(key)
      return row !== undefined && isUpdatable(row) && written.includes(row.application)
    })
  }

  /** Beside everything else: polls go on meanwhile. */
  #follow(outcomes: readonly ApplyOutcome[]): void {
    const following = this.#tellOutcomes(outcomes)
    this.#following.add(following)
    following.then(
      () => this.#following.delete(following),
      () => {},
    )
  }

  async #tellOutcomes(outcomes: readonly ApplyOutcome[]): Promise<void> {
    const applied = outcomes.flatMap((outcome) => (outcome.state === 'applied' ? [outcome.image] : []))
    for await (const outcome of this.#world.follow?.(outcomes) ?? []) {
      const images = applied.filter(
        ({ application: { metadata } }) =>
          `${metadata.namespace ?? ''}/${metadata.name}` === outcome.application,
      )
      await this.#tell({ at: outcome.at, images, outcome, type: 'followed' })
      const ours = outcome.state === 'degraded' && !outcome.degradedBefore
      if (ours && this.#world.undo && !this.#signal.aborted) await this.#undo(images, outcome.message)
    }
  }

  async #undo(images: readonly UpdatableImage[], reason: string): Promise<void> {
    const error = await this.#world.undo?.(images, reason)
    const at = this.#world.now()
    await this.#tell({ at, images, reason, type: 'undone', ...(error && { error }) })
    for (const { key } of images) this.#schedule.hasten(key, at.getTime() + SHORTEST_POLL)
  }

  async #report(outcome: ApplyOutcome): Promise<void> {
    const at = this.#world.now()
    const { image } = outcome
    if (outcome.state === 'failed') {
      this.#counts.failed += 1
      await this.#tell({ at, error: outcome.error, image, type: 'apply-failed' })
    } else if (outcome.state === 'applied') {
      this.#counts.applied += 1
      this.#pending.delete(image.key)
      const { dryRun } = this.#settings
      const digest = image.decision.target.digest || image.scan.winner?.digest
      if (dryRun) this.#settled.set(image.key, targetOf(image))
      else {
        if (digest) this.#firstSeen.set(image.key, digest)
        this.#rows.set(image.key, followed(image))
      }
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

function pendingOf(image: UpdatableImage, barred: string): string {
  return `${targetOf(image)} ${barred}`
}

function targetOf(image: UpdatableImage): string {
  return formatImageReference(image.decision.target)
}

function problemText(problem: RuleProblem): string {
  return `${problem.origin.object} ${problem.key} ${problem.problem}`
}

/** What of a row a person sees: a new face is worth a line. */
function faceOf(row: CheckedImage): string {
  if (row.state === 'failed') return `failed ${row.error.message}`
  const { decision } = row
  const target = 'target' in decision ? formatImageReference(decision.target) : ''
  // What waits counts down: that alone is no news.
  const why = decision.kind === 'waiting' ? waitingFor(decision) : decision.reason
  return `${decision.kind} ${why} ${target} ${row.scan.winner?.tag} ${row.scan.winner?.digest}`
}

function waitingFor({ gates, until }: Extract<Decision, { kind: 'waiting' }>): string {
  return `${closedGate(gates)?.name} ${until?.toISOString()}`
}

/** The result, or undefined as soon as the signal aborts: a poll is only reading, it may be left. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return undefined
  const aborted = Promise.withResolvers<undefined>()
  const stop = () => aborted.resolve(undefined)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', stop)
    work.catch(() => {})
  }
}
