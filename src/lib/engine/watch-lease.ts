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
import { identityText } from '../cluster/operator-identity.ts'
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
  /** The clock on the wall, which goes on while a laptop sleeps, and which somebody may set. */
  now(): Date
  /** Milliseconds on a clock that nobody sets and that never goes back; it may stand still while a laptop sleeps. */
  elapsed(): number
  /** Resolves after so many milliseconds, or as soon as `signal` aborts. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>
}

export interface LeaseSettings extends LeaseName {
  /** Unique to this process: `ada@laptop 4711/6f0c…`. */
  readonly identity: string
  /** Whole seconds, as `spec.leaseDurationSeconds`: without a renewal for so long, others may take it. */
  readonly duration: number
}

/** As the control plane of Kubernetes has it, with its proportions: renewed every 2 s, lost after 10 s. */
export const LEASE_DURATION = 15
/** Milliseconds for each second of the duration. After so long without renewal it is lost: well before others may take it. */
const DEADLINE = 10_000 / LEASE_DURATION
/** Between two renewals, and two looks at whose turn it is. */
const RETRY = 2_000 / LEASE_DURATION
/** A request that takes longer leaves no time for another. */
const REQUEST = DEADLINE / 2
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
  readonly #deadline: number
  readonly #retry: number
  /** What the Lease said when last read, and since when it says so, milliseconds on the clock that nobody sets. */
  #observed: { readonly record: LeaseRecord; readonly since: number } | undefined
  /** Our own last writing of it. */
  #lease: Lease | undefined
  /** When the last renewal that came through was sent, on both clocks. */
  #renewed = { elapsed: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY }
  /** Who had the turn when we got it; '' nobody, or we ourselves. */
  #from = ''

  constructor(world: LeaseWorld, settings: LeaseSettings) {
    this.#world = world
    this.#settings = settings
    this.#deadline = settings.duration * DEADLINE
    this.#retry = settings.duration * RETRY
  }

  /**
   * Whether this watch may write now. To be asked before each write: a process may have slept since. Both clocks
   * must say so: one may have stood still, the other may have been set.
   */
  get held(): boolean {
    return this.#lease !== undefined && this.#age() < this.#deadline
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
        // As client-go does: what we wrote last is replaced unread, until that turns out to be wrong.
        return await this.#try(attempt === 1 && this.held)
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
          typeof result === 'string' && result !== ''
            ? `${identityText(result)} has it`
            : 'it could not be renewed in time'
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
      const free = { ...lease.record, acquired: now, duration: 1, holder: '', renewed: now }
      await this.#inTime((options) => replaceLease(this.#world.client, lease, free, options))
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

  async #try(unread: boolean): Promise<string> {
    const { client } = this.#world
    const lease = unread
      ? this.#lease
      : await this.#inTime((options) => readLease(client, this.#settings, options))
    const sent = this.#clocks()
    if (!lease) {
      const first = this.#record(0)
      this.#own(await this.#inTime((options) => createLease(client, this.#settings, first, options)), sent)
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
    const written = mine ? { ...next, acquired: record.acquired } : next
    this.#own(await this.#inTime((options) => replaceLease(client, lease, written, options)), sent)
    this.#from = mine ? '' : record.holder
    return ''
  }

  /** One request, given up while there is still time for another. @throws ClusterError */
  async #inTime<T>(send: (options: { readonly signal: AbortSignal }) => Promise<T>): Promise<T> {
    const limit = Math.round(this.#settings.duration * REQUEST)
    const signal = AbortSignal.timeout(limit)
    try {
      return await send({ signal })
    } catch (error) {
      if (!signal.aborted || error instanceof UserError) throw error
      const { server } = this.#world.client.target
      throw new ClusterError(`${server} did not answer about the lease within ${limit} ms`, 0, 'Unreachable')
    }
  }

  #own(lease: Lease, sent: { readonly elapsed: number; readonly wall: number }): void {
    this.#lease = lease
    this.#renewed = sent
    this.#observe(lease.record)
  }

  #observe(record: LeaseRecord): void {
    if (isDeepStrictEqual(record, this.#observed?.record)) return
    this.#observed = { record, since: this.#world.elapsed() }
  }

  #isFree(record: LeaseRecord): boolean {
    return record.holder === '' || this.#world.elapsed() >= this.#freeAt()
  }

  /** When the holder's time is over as far as we saw it, on the clock that nobody sets. */
  #freeAt(): number {
    if (!this.#observed) return Number.POSITIVE_INFINITY
    return this.#observed.since + this.#observed.record.duration * 1000
  }

  #record(transitions: number): LeaseRecord {
    const now = leaseTime(this.#world.now())
    const { duration, identity } = this.#settings
    return { acquired: now, duration, holder: identity, renewed: now, transitions }
  }

  /** Milliseconds until the next attempt: in time for what comes first. */
  #nextTry(result: string | UserError): number {
    if (result === '') return this.#retry
    const left = this.held ? this.#deadline - this.#age() : this.#freeAt() - this.#world.elapsed()
    return left > 0 ? Math.min(this.#retry, left) : this.#retry
  }

  /** Milliseconds since the last renewal, on whichever clock more went by. */
  #age(): number {
    const { elapsed, wall } = this.#clocks()
    return Math.max(elapsed - this.#renewed.elapsed, wall - this.#renewed.wall)
  }

  #clocks(): { readonly elapsed: number; readonly wall: number } {
    return { elapsed: this.#world.elapsed(), wall: this.#world.now().getTime() }
  }
}
