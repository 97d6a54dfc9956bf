import { amount } from '../amount.ts'
import type { Clock } from '../registry/clock.ts'
import type { Destination } from './destination.ts'
import type { NotificationFields } from './notification-fields.ts'
import { NotifyError } from './notify-error.ts'

/** Notifications that may wait for a destination; the oldest gives way. */
export const LARGEST_QUEUE = 200
/**
 * Milliseconds for which a destination that can merge waits for more of the same. It is also the shortest
 * time between two messages; Slack takes one a second.
 */
export const MERGE_WINDOW = 2000

/**
 * Sends what is pushed to one destination, one message after another, in the background. Its trouble is
 * told once until it works again, then with the number of notifications that were lost.
 */
export class DeliveryQueue {
  readonly #destination: Destination
  readonly #clock: Clock
  readonly #tell: (problem: NotifyError) => void
  readonly #hurry = new AbortController()
  readonly #stop = new AbortController()
  #waiting: NotificationFields[] = []
  #working: Promise<void> | undefined
  #failing = false
  #lost = 0
  #dropped = 0

  constructor(destination: Destination, clock: Clock, tell: (problem: NotifyError) => void) {
    this.#destination = destination
    this.#clock = clock
    this.#tell = tell
  }

  /** Takes a notification if it is about an event of the destination; returns at once. */
  push(fields: NotificationFields): void {
    if (!this.#destination.events.has(fields.event)) return
    if (this.#waiting.length >= LARGEST_QUEUE) {
      this.#waiting.shift()
      this.#dropped++
    }
    this.#waiting.push(fields)
    this.#working ??= this.#work()
  }

  /** Sends what waits without further delay, until `signal` aborts; what is left then counts as lost. */
  async end(signal: AbortSignal): Promise<void> {
    const stop = () => this.#stop.abort()
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    this.#hurry.abort()
    await this.#working
    signal.removeEventListener('abort', stop)
    this.#tellLosses('')
    await this.#destination.close()
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      if (this.#destination.largestBatch > 1) {
        await this.#clock.sleep(MERGE_WINDOW, this.#hurry.signal).catch(() => undefined)
      }
      await this.#deliver(this.#nextBatch())
      if (!this.#stop.signal.aborted) continue
      this.#lost += this.#waiting.length
      this.#waiting = []
    }
    this.#working = undefined
  }

  /** The oldest, and what else waits about the same event. */
  #nextBatch(): readonly NotificationFields[] {
    const event = this.#waiting[0]?.event
    const batch = this.#waiting
      .filter((fields) => fields.event === event)
      .slice(0, this.#destination.largestBatch)
    this.#waiting = this.#waiting.filter((fields) => !batch.includes(fields))
    return batch
  }

  async #deliver(batch: readonly NotificationFields[]): Promise<void> {
    try {
      await this.#destination.deliver(batch, this.#stop.signal)
    } catch (error) {
      this.#lost += batch.length
      if (this.#failing || this.#stop.signal.aborted) return
      this.#failing = true
      this.#tell(asNotifyError(error, this.#destination.name))
      return
    }
    this.#tellLosses(this.#failing ? 'works again; ' : '')
    this.#failing = false
  }

  #tellLosses(before: string): void {
    const { name } = this.#destination
    const lost = this.#lost + this.#dropped
    if (lost === 0) return
    const dropped = this.#dropped > 0 ? `, since more than ${LARGEST_QUEUE} waited` : ''
    this.#tell(new NotifyError(`${name}: ${before}${amount(lost, 'notification')} not delivered${dropped}`))
    this.#lost = 0
    this.#dropped = 0
  }
}

/** A trouble to tell of. What is no NotifyError is told by its kind only: its text may quote a secret. */
export function asNotifyError(error: unknown, destination: string): NotifyError {
  if (error instanceof NotifyError) {
    return error.message.startsWith(destination)
      ? error
      : new NotifyError(`${destination}: ${error.message}`, error.remedy)
  }
  return new NotifyError(`${destination} failed (${error instanceof Error ? error.name : 'unknown'})`)
}
