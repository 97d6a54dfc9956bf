import type { NotificationEvent } from './notification.ts'
import type { NotificationFields } from './notification-fields.ts'

/** Where notifications go. */
export interface Destination {
  /** `slack (hooks.slack.com)`: shown to people, holds no secret. */
  readonly name: string
  readonly events: ReadonlySet<NotificationEvent>
  /** What the operator should know before it is used, '' for nothing. */
  readonly warning: string
  /** How many notifications of one event one message may carry. */
  readonly largestBatch: number
  /**
   * Sends one message about one to {@link largestBatch} notifications of the same event.
   *
   * @throws NotifyError when it was not taken, or when `signal` aborts.
   */
  deliver(batch: readonly NotificationFields[], signal: AbortSignal): Promise<void>
  close(): Promise<void>
}
