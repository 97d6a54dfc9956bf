import type { ApplyOutcome } from '../../src/lib/engine/apply-outcome.ts'
import { checkImages } from '../../src/lib/engine/check.ts'
import type { UpdatableImage } from '../../src/lib/engine/checked-image.ts'
import { type ManagedImages, manageImages } from '../../src/lib/engine/managed-image.ts'
import { watch } from '../../src/lib/engine/watch.ts'
import { WatchDesk } from '../../src/lib/engine/watch-desk.ts'
import {
  isTold,
  type ToldEvent,
  type WatchEvent,
  type WatchSummary,
} from '../../src/lib/engine/watch-event.ts'
import type { WatchSettings, WatchWorld } from '../../src/lib/engine/watch-world.ts'
import { UserError } from '../../src/lib/errors.ts'
import { formatImageReference } from '../../src/lib/image/reference.ts'
import { readAnnotationRules } from '../../src/lib/rules/annotations.ts'
import { FakeRegistry } from './fake-registry.ts'
import { type ApplicationText, applicationOf, contextOf, NOW } from './world.ts'

/** A watch in a world whose clock only moves when the watch pauses. Time is told in seconds since the start. */
export class WatchTheatre implements WatchWorld {
  readonly registry = new FakeRegistry()
  /** What the cluster holds. */
  applications: readonly ApplicationText[] = []
  /** The cluster cannot be read while this is set. */
  loadError = ''
  /** How the next writes end; absent: applied, and the spec follows. */
  applyResult: ((image: UpdatableImage) => ApplyOutcome) | undefined
  /** Where the person's orders go. */
  readonly desk = new WatchDesk()
  /** Why nothing may be written, while it is set. */
  barred = ''
  /** Whether another watch has the turn, and nobody looks on. */
  standingBy = false
  /** How often what waits for a person was kept for the next watch. */
  kept = 0
  /** Seconds of each pause. */
  readonly pauses: number[] = []
  /** `10 load`, `10 check a,b`, `10 apply web org/web:2`, in order. */
  readonly log: string[] = []
  ask?: (images: readonly UpdatableImage[]) => Promise<boolean>
  readonly #start = NOW.getTime()
  readonly #stop = new AbortController()
  readonly #script = new Map<number, () => void>()
  #clock = NOW.getTime()
  readonly #context = { ...contextOf(this.registry), now: () => this.now() }

  /** Plays until `seconds` are over, and tells the events as `<second> <type> …`. */
  async play(seconds: number, settings: Partial<WatchSettings> = {}): Promise<string[]> {
    this.at(seconds, () => this.stop())
    const told: string[] = []
    for await (const event of this.events(settings)) {
      if (isTold(event)) told.push(`${this.#second(event.at)} ${describe(event)}`)
    }
    return told
  }

  events(settings: Partial<WatchSettings> = {}): AsyncGenerator<WatchEvent, WatchSummary> {
    const defaults = { approve: 'auto', dryRun: false, interval: 60_000, once: false } as const
    return watch(this, { ...defaults, ...settings }, this.#stop.signal, this.desk)
  }

  /** Does something while the watch pauses, once the clock passes `second`. */
  at(second: number, act: () => void): void {
    this.#script.set(second, act)
  }

  stop(): void {
    this.#stop.abort()
  }

  now(): Date {
    return new Date(this.#clock)
  }

  barrier(): string {
    return this.barred
  }

  idle(): boolean {
    return this.standingBy
  }

  async pendingSince(): Promise<Date> {
    return this.now()
  }

  async keepPending(): Promise<void> {
    this.kept += 1
  }

  async pause(milliseconds: number, wake: AbortSignal): Promise<void> {
    this.pauses.push(milliseconds / 1000)
    const end = this.#clock + milliseconds
    for (const [second, act] of [...this.#script].sort(([a], [b]) => a - b)) {
      const moment = this.#start + second * 1000
      if (moment > end) continue
      this.#script.delete(second)
      this.#clock = moment
      act()
      if (this.#stop.signal.aborted || wake.aborted) return
    }
    this.#clock = end
  }

  async load(): Promise<ManagedImages> {
    this.#note('load')
    if (this.loadError) throw new UserError(this.loadError)
    return manageImages(this.applications.map(applicationOf), readAnnotationRules)
  }

  async check(images: ManagedImages['images'], firstSeen: ReadonlyMap<string, string>) {
    this.#note(`check ${images.map(({ rule }) => rule.alias).join(',')}`.trim())
    return checkImages(this.#context, images, { firstSeen })
  }

  async apply(images: readonly UpdatableImage[], asked: boolean): Promise<ApplyOutcome[]> {
    return images.map((image): ApplyOutcome => {
      const target = formatImageReference(image.decision.target)
      this.#note(`apply ${image.alias} ${target}${asked ? ' (asked)' : ''}`)
      if (this.applyResult) return this.applyResult(image)
      return { image, state: 'applied' }
    })
  }

  #note(text: string): void {
    this.log.push(`${this.#second(this.now())} ${text}`)
  }

  #second(moment: Date): number {
    return (moment.getTime() - this.#start) / 1000
  }
}

function describe(event: ToldEvent): string {
  switch (event.type) {
    case 'cycle':
      return `cycle ${event.changed.map(({ alias }) => alias).join(',')}`.trim()
    case 'cycle-failed':
      return `cycle-failed ${event.error.message}`
    case 'problems':
      return `problems ${event.problems.map(({ key }) => key).join(',')}`
    case 'stopped': {
      const { cycles, applied, declined, failed, images } = event.summary
      return `stopped cycles=${cycles} applied=${applied} declined=${declined} failed=${failed} images=${images.length}`
    }
    case 'followed':
      return `followed ${event.images.map(({ alias }) => alias).join(',')} ${event.outcome.state}`
    case 'undone':
      return `undone ${event.images.map(({ alias }) => alias).join(',')} ${event.error?.message ?? ''}`.trim()
    case 'paused':
    case 'resumed':
      return event.type
    default:
      return `${event.type} ${event.image.alias}`
  }
}
