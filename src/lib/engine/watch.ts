import { UserError } from '../errors.ts'
import { formatImageReference } from '../image/reference.ts'
import type { RuleProblem } from '../rules/update-rule.ts'
import type { ApplyOutcome } from './apply.ts'
import { updatesByApplication } from './apply.ts'
import { type ApprovalMode, appliesUnasked } from './approval.ts'
import type { CheckedImage, UpdatableImage } from './checked-image.ts'
import { isUpdatable, sortRows } from './checked-image.ts'
import type { Decision } from './decide.ts'
import { closedGate } from './gates.ts'
import type { ManagedImage, ManagedImages } from './managed-image.ts'
import { backoff, Schedule } from './schedule.ts'
import type { WatchEvent, WatchSummary } from './watch-event.ts'

/** The world as a watch needs it, so that its logic is tested with a fake clock and no cluster. */
export interface WatchWorld {
  /** Reads the Applications and their rules anew. */
  load(): Promise<ManagedImages>
  /** Polls the given images; `firstSeen` gives digests by image key that an earlier cycle saw. */
  check(images: readonly ManagedImage[], firstSeen: ReadonlyMap<string, string>): Promise<CheckedImage[]>
  /** Applies the updates of one Application. */
  apply(images: readonly UpdatableImage[]): Promise<readonly ApplyOutcome[]>
  /** Shows the diff and asks a person; absent where nobody can be asked. */
  ask?(images: readonly UpdatableImage[]): Promise<boolean>
  now(): Date
  /** Resolves after so many milliseconds, or at once when the watch is to stop. */
  pause(milliseconds: number): Promise<void>
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
 */
export async function* watch(
  world: WatchWorld,
  settings: WatchSettings,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent, WatchSummary> {
  const loop = new WatchLoop(world, settings)
  while (!signal.aborted) {
    yield* loop.cycle(signal)
    if (settings.once || signal.aborted) break
    const wait = loop.nextAt - world.now().getTime()
    await world.pause(Math.min(Math.max(0, wait), LONGEST_PAUSE))
  }
  const summary = loop.summary()
  yield { at: world.now(), type: 'stopped', summary }
  return summary
}

class WatchLoop {
  nextAt = 0
  readonly #world: WatchWorld
  readonly #settings: WatchSettings
  readonly #schedule = new Schedule()
  readonly #rows = new Map<string, CheckedImage>()
  readonly #shown = new Map<string, string>()
  readonly #firstSeen = new Map<string, string>()
  /** Targets by image key that need no second word: declined, pending, or shown by a dry run. */
  readonly #settled = new Map<string, string>()
  #problems: ReadonlySet<string> = new Set()
  #failures = 0
  #counts = { applied: 0, cycles: 0, declined: 0, failed: 0 }

  constructor(world: WatchWorld, settings: WatchSettings) {
    this.#world = world
    this.#settings = settings
  }

  summary(): WatchSummary {
    return { ...this.#counts, dryRun: this.#settings.dryRun, images: this.#sorted() }
  }

  async *cycle(signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const started = this.#world.now().getTime()
    const loaded = await untilAborted(this.#load(), signal)
    if (!loaded) return
    if (loaded instanceof UserError) {
      this.#failures += 1
      this.nextAt = started + backoff(this.#failures, this.#settings.interval)
      yield { at: this.#world.now(), type: 'cycle-failed', error: loaded, nextAt: new Date(this.nextAt) }
      return
    }
    this.#failures = 0
    yield* this.#newProblems(loaded.warnings)
    const due = this.#due(loaded, started)
    const checked = await untilAborted(this.#world.check(due, this.#firstSeen), signal)
    if (!checked) return
    this.#counts.cycles += 1
    for (const { key, rule } of due) {
      this.#schedule.polled(key, started, rule.pollInterval ?? this.#settings.interval)
    }
    const changed = this.#remember([...checked, ...loaded.faulty])
    // The Applications are read once an interval however seldom their images are polled: rules come and go.
    const nextLoad = started + this.#settings.interval
    this.nextAt = Math.min(this.#schedule.next(nextLoad), nextLoad)
    yield {
      at: this.#world.now(),
      type: 'cycle',
      images: this.#sorted(),
      changed,
      nextAt: new Date(this.nextAt),
    }
    for (const group of updatesByApplication(checked.filter(isUpdatable))) {
      if (signal.aborted) return
      yield* this.#applyGroup(group, signal)
    }
  }

  #sorted(): CheckedImage[] {
    return sortRows([...this.#rows.values()])
  }

  async #load(): Promise<ManagedImages | UserError> {
    try {
      return await this.#world.load()
    } catch (error) {
      if (error instanceof UserError) return error
      throw error
    }
  }

  *#newProblems(problems: readonly RuleProblem[]): Generator<WatchEvent> {
    const fresh = problems.filter((problem) => !this.#problems.has(problemText(problem)))
    this.#problems = new Set(problems.map(problemText))
    if (fresh.length > 0) yield { at: this.#world.now(), type: 'problems', problems: fresh }
  }

  #due({ images, faulty }: ManagedImages, now: number): ManagedImage[] {
    const pollable = new Set(images.map(({ key }) => key))
    const known = new Set([...pollable, ...faulty.map(({ key }) => key)])
    this.#schedule.keep(pollable)
    for (const map of [this.#rows, this.#shown, this.#firstSeen, this.#settled]) {
      for (const key of map.keys()) if (!known.has(key)) map.delete(key)
    }
    const due = this.#schedule.due([...pollable], now)
    return images.filter(({ key }) => due.has(key))
  }

  /** Keeps the rows and returns those that look different from what was last shown. */
  #remember(rows: readonly CheckedImage[]): CheckedImage[] {
    return rows.filter((row) => {
      this.#rows.set(row.key, row)
      const digest = row.state === 'decided' ? row.scan.winner?.digest : undefined
      if (digest && !this.#firstSeen.has(row.key)) this.#firstSeen.set(row.key, digest)
      const face = faceOf(row)
      const changed = this.#shown.get(row.key) !== face
      this.#shown.set(row.key, face)
      return changed
    })
  }

  async *#applyGroup(group: readonly UpdatableImage[], signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const at = () => this.#world.now()
    const fresh = group.filter((image) => this.#settled.get(image.key) !== targetOf(image))
    const unasked = fresh.filter(({ decision }) => appliesUnasked(this.#settings.approve, decision))
    const toAsk = fresh.filter((image) => !unasked.includes(image))
    let approved = unasked
    if (toAsk.length > 0 && !this.#world.ask) {
      for (const image of toAsk) {
        this.#settled.set(image.key, targetOf(image))
        yield { at: at(), type: 'pending', image }
      }
    } else if (toAsk.length > 0) {
      const yes = await this.#world.ask?.(toAsk)
      if (signal.aborted) return
      if (yes) approved = fresh
      else {
        for (const image of toAsk) {
          this.#settled.set(image.key, targetOf(image))
          this.#counts.declined += 1
          yield { at: at(), type: 'declined', image }
        }
      }
    }
    if (approved.length === 0) return
    for (const outcome of await this.#world.apply(approved)) yield* this.#report(outcome)
  }

  *#report(outcome: ApplyOutcome): Generator<WatchEvent> {
    const at = this.#world.now()
    const { image } = outcome
    if (outcome.state === 'failed') {
      this.#counts.failed += 1
      yield { at, error: outcome.error, image, type: 'apply-failed' }
    } else if (outcome.state === 'applied') {
      this.#counts.applied += 1
      const { dryRun } = this.#settings
      const digest = image.decision.target.digest || image.scan.winner?.digest
      if (dryRun) this.#settled.set(image.key, targetOf(image))
      else {
        if (digest) this.#firstSeen.set(image.key, digest)
        this.#rows.set(image.key, followed(image))
      }
      const { unrecorded } = outcome
      yield { at, dryRun, image, type: 'applied', ...(unrecorded && { unrecorded }) }
    } else {
      yield { at, image, reason: outcome.reason, type: 'unchanged' }
    }
  }
}

/** The row of an image that was just written, until the next poll looks at it again. */
function followed(image: UpdatableImage): CheckedImage {
  return { ...image, decision: { kind: 'rolling', reason: 'applied, the Pods follow' }, writes: [] }
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
