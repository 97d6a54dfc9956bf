import { formatImageReference } from '../image/reference.ts'
import { SHORTEST_POLL } from '../rules/build-rule.ts'
import type { RuleProblem } from '../rules/update-rule.ts'
import { type CheckedImage, sortRows } from './checked-image.ts'
import type { Decision } from './decide.ts'
import { closedGate } from './gates.ts'
import type { ManagedImage, ManagedImages } from './managed-image.ts'
import { Schedule } from './schedule.ts'

/** What a watch has seen, image by image, and when it looks at each again. Times are milliseconds since 1970. */
export class WatchPolling {
  /** Milliseconds between two polls of an image whose rule names no interval of its own. */
  readonly #interval: number
  readonly #schedule = new Schedule()
  readonly #rows = new Map<string, CheckedImage>()
  readonly #shown = new Map<string, string>()
  readonly #firstSeen = new Map<string, string>()
  #problems: ReadonlySet<string> = new Set()

  constructor(interval: number) {
    this.#interval = interval
  }

  /** The images as last seen, in the order of a table. */
  get images(): CheckedImage[] {
    return sortRows([...this.#rows.values()])
  }

  get keys(): string[] {
    return [...this.#rows.keys()]
  }

  /** Digests by image key that an earlier poll saw. */
  get firstSeen(): ReadonlyMap<string, string> {
    return this.#firstSeen
  }

  /** When each image is polled next, by its key. */
  get times(): Map<string, Date> {
    return new Map(
      this.keys.flatMap((key) => {
        const at = this.#schedule.at(key)
        return at === undefined ? [] : [[key, new Date(at)]]
      }),
    )
  }

  row(key: string): CheckedImage | undefined {
    return this.#rows.get(key)
  }

  /** Those that were not told before. */
  newProblems(problems: readonly RuleProblem[]): RuleProblem[] {
    const fresh = problems.filter((problem) => !this.#problems.has(problemText(problem)))
    this.#problems = new Set(problems.map(problemText))
    return fresh
  }

  /** Forgets what is gone. */
  keep(pollable: ReadonlySet<string>, known: ReadonlySet<string>): void {
    this.#schedule.keep(pollable)
    for (const map of [this.#rows, this.#shown, this.#firstSeen]) {
      for (const key of map.keys()) if (!known.has(key)) map.delete(key)
    }
  }

  /** What is to be polled now, and with it, of the same Applications, what `alsoWaits`. */
  due({ images }: ManagedImages, now: number, alsoWaits: (key: string) => boolean): ManagedImage[] {
    const due = this.#schedule.due(
      images.map(({ key }) => key),
      now,
    )
    // What waits for a yes is read again together with the others of its Application, of which one write is made.
    const read = new Set(images.filter(({ key }) => due.has(key)).map(({ application }) => application))
    return images.filter(({ application, key }) => due.has(key) || (alsoWaits(key) && read.has(application)))
  }

  /** What was first seen is no measure any more: others may have written since. */
  forgetFirstSeen(): void {
    this.#firstSeen.clear()
  }

  /** Notes a poll that began at `started`. What waits for a moment that is known is looked at in that moment. */
  polled(images: readonly ManagedImage[], rows: readonly CheckedImage[], started: number, now: number): void {
    for (const { key, rule } of images) {
      this.#schedule.polled(key, started, rule.pollInterval ?? this.#interval)
    }
    for (const row of rows) {
      if (row.state !== 'decided' || row.decision.kind !== 'waiting' || !row.decision.until) continue
      this.#schedule.hasten(row.key, Math.max(row.decision.until.getTime(), now + SHORTEST_POLL))
    }
  }

  hasten(keys: readonly string[], moment: number): void {
    for (const key of keys) this.#schedule.hasten(key, moment)
  }

  /** When the cycle after the one that began at `started` is to begin. */
  nextAt(started: number): number {
    // The Applications are read once an interval however seldom their images are polled: rules come and go.
    const nextLoad = started + this.#interval
    return Math.min(this.#schedule.next(nextLoad), nextLoad)
  }

  /** Keeps the rows and returns those that look different from what was last shown. */
  remember(rows: readonly CheckedImage[]): CheckedImage[] {
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

  /** An image was just written: its row says so until the next poll looks at it again. */
  written(row: CheckedImage, digest: string | undefined): void {
    if (digest) this.#firstSeen.set(row.key, digest)
    this.#rows.set(row.key, row)
  }
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
