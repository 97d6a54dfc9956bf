import { isDeepStrictEqual } from 'node:util'
import { type ClusterClient, ClusterError } from '../cluster/client.ts'
import {
  createLease,
  type Lease,
  type LeaseName,
  type LeaseRecord,
  leaseTime,
  readLease,
  replaceLease,
} from '../cluster/leases.ts'
import { UserError } from '../errors.ts'

/** The Lease by which watches of one namespace take turns, unless the operator names another. */
export const WATCH_LEASE = 'kubectl-image-updater-watch'

/** What happens to the turn of this watch; each carries when. */
export type LeaseEvent = {
  readonly at: Date
} /** It may write from now on. `from`: who had the turn before; '' nobody. */ & (
  | { readonly type: 'acquired'; readonly from: string }
  /** Another watch has the turn: told once for each holder. */
  | { readonly type: 'waiting'; readonly holder: string }
  /** It must not write any more: another took the turn, or it could not be renewed in time. */
  | { readonly type: 'lost'; readonly reason: string }
  /** The Lease can be neither read nor written just now; it is tried again. */
  | { readonly type: 'unreachable'; readonly error: UserError }
)

export interface LeaseWorld {
  readonly client: ClusterClient
  /**
   * The clock on the wall, not one that stands still while a laptop sleeps: after a night it must be noticed
   * that the turn is over.
   */
  now(): Date
  /** Resolves after so many milliseconds, or as soon as `signal` aborts. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>
}

export interface LeaseSettings extends LeaseName {
  /** Unique to this process: `ada@laptop 4711/6f0c…`. */
  readonly identity: string
}

/** As `spec.leaseDurationSeconds`. */
const DURATION = 60
const RENEW = 20_000
/** After this long without renewal it is lost: well before others may take it. */
const DEADLINE = 40_000
const RETRY = 5_000
/** Conflicts in a row before one is told. */
const TRIES = 3

/**
 * One watch at a time: whoever holds the Lease may write, all others look on, and one of them takes over when
 * the holder has not renewed it for as long as it says. That is measured from when this process saw the last
 * renewal, never by comparing the clocks of two machines (as client-go's leader election does).
 */
export class WatchLease {
  readonly #world: LeaseWorld
  readonly #settings: LeaseSettings
  /** What the Lease said when last read, and since when it says so, milliseconds on our own clock. */
  #observed: { readonly record: LeaseRecord; readonly since: number } | undefined
  /** Our own last writing of it. */
  #lease: Lease | undefined
  #renewedAt = Number.NEGATIVE_INFINITY
  /** Who had the turn when we got it; '' nobody, or we ourselves. */
  #from = ''

  constructor(world: LeaseWorld, settings: LeaseSettings) {
    this.#world = world
    this.#settings = settings
  }

  /** Whether this watch may write now. To be asked before each write: a process may have slept since. */
  get held(): boolean {
    const age = this.#now() - this.#renewedAt
    return this.#lease !== undefined && age >= 0 && age < DEADLINE
  }

  /**
   * Tries to get or keep the turn, now.
   *
   * @returns who has it: '' for this watch itself.
   * @throws ClusterError when the Lease cannot be read or written.
   */
  async acquire(): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#try()
      } catch (error) {
        // Somebody wrote it in this very moment: what it says now decides.
        if (!(error instanceof ClusterError) || error.status !== 409 || attempt >= TRIES) throw error
      }
    }
  }

  /**
   * Gets the turn as soon as it can be had, and keeps it, until `signal` aborts. Nothing is released by that:
   * the last write may still be under way. Tells each change.
   */
  async *keep(signal: AbortSignal): AsyncGenerator<LeaseEvent, void> {
    let leading = this.held
    let told = ''
    const event = <T>(about: T) => ({ ...about, at: this.#world.now() })
    while (!signal.aborted) {
      const result = await this.#attempt()
      if (leading && !this.held) {
        leading = false
        const reason =
          typeof result === 'string' && result !== '' ? `${result} has it` : 'it could not be renewed in time'
        yield event({ reason, type: 'lost' as const })
      }
      if (!leading && this.held) {
        leading = true
        told = ''
        yield event({ from: this.#from, type: 'acquired' as const })
      }
      if (result instanceof UserError) {
        if (told !== result.message) yield event({ error: result, type: 'unreachable' as const })
        told = result.message
      } else if (result !== '') {
        if (told !== result) yield event({ holder: result, type: 'waiting' as const })
        told = result
      }
      if (!signal.aborted) await this.#world.pause(this.#nextTry(result), signal)
    }
  }

  /** Lets the next watch begin at once. What goes wrong is left: the Lease runs out by itself. */
  async release(): Promise<void> {
    const lease = this.#lease
    if (!lease) return
    this.#lease = undefined
    const now = leaseTime(this.#world.now())
    try {
      // As client-go does: the Lease stays, with nobody's name in it.
      await replaceLease(this.#world.client, lease, {
        ...lease.record,
        acquired: now,
        duration: 1,
        holder: '',
        renewed: now,
      })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
    }
  }

  async #attempt(): Promise<string | UserError> {
    try {
      return await this.acquire()
    } catch (error) {
      if (error instanceof UserError) return error
      throw error
    }
  }

  async #try(): Promise<string> {
    const { client } = this.#world
    const lease = await readLease(client, this.#settings)
    if (!lease) {
      this.#own(await createLease(client, this.#settings, this.#record(0)))
      this.#from = ''
      return ''
    }
    const { record } = lease
    this.#observe(record)
    const mine = record.holder === this.#settings.identity
    if (!mine && !this.#isFree(record)) {
      this.#lease = undefined
      return record.holder
    }
    const next = this.#record(record.transitions + (mine ? 0 : 1))
    this.#own(await replaceLease(client, lease, mine ? { ...next, acquired: record.acquired } : next))
    this.#from = mine ? '' : record.holder
    return ''
  }

  #own(lease: Lease): void {
    this.#lease = lease
    this.#renewedAt = Date.parse(lease.record.renewed)
    this.#observe(lease.record)
  }

  #observe(record: LeaseRecord): void {
    if (isDeepStrictEqual(record, this.#observed?.record)) return
    this.#observed = { record, since: this.#now() }
  }

  #isFree(record: LeaseRecord): boolean {
    return record.holder === '' || this.#now() >= this.#freeAt()
  }

  /** When the holder's time is over as far as we saw it. */
  #freeAt(): number {
    if (!this.#observed) return Number.POSITIVE_INFINITY
    return this.#observed.since + this.#observed.record.duration * 1000
  }

  #record(transitions: number): LeaseRecord {
    const now = leaseTime(this.#world.now())
    return { acquired: now, duration: DURATION, holder: this.#settings.identity, renewed: now, transitions }
  }

  /** Milliseconds until the next attempt: in time for what comes first. */
  #nextTry(result: string | UserError): number {
    if (result === '') return RENEW
    const next = this.held ? this.#renewedAt + DEADLINE : this.#freeAt()
    const left = next - this.#now()
    return left > 0 ? Math.min(RETRY, left) : RETRY
  }

  #now(): number {
    return this.#world.now().getTime()
  }
}
