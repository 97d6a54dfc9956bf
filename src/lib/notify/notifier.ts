import { asNotifyError, DeliveryQueue } from './delivery-queue.ts'
import type { Destination } from './destination.ts'
import type { Notification } from './notification.ts'
import { notificationFields } from './notification-fields.ts'
import { NotifyError } from './notify-error.ts'
import { openDestination } from './open-destination.ts'
import { sampleNotification } from './sample-notification.ts'
import type { NotifySurroundings } from './surroundings.ts'

/** Tells others what happens, without ever holding up what happens. */
export interface Notifier {
  /** Takes a notification for every destination that wants its event. Returns at once and never fails. */
  send(notification: Notification): void
  /**
   * The end: sends what waits for at most `timeout` milliseconds, tells what was lost, and closes all
   * connections. What is sent after it goes nowhere.
   */
  flush(timeout: number): Promise<void>
  /** Sends a made-up notification to every destination now, whatever events it is for; until `signal` aborts. */
  sendTest(signal: AbortSignal): Promise<readonly TestResult[]>
}

/** How a test went. */
export interface TestResult {
  /** `slack (hooks.slack.com)` */
  readonly destination: string
  /** Absent when it was taken. */
  readonly error?: NotifyError
}

/**
 * Opens the destinations of every `--notify`. `problems` is told of warnings about them now, and later of a
 * destination that fails: once until it works again.
 *
 * @throws NotifyError for a flag that cannot be read, or a file, variable, program or template of it that
 * does not work.
 */
export async function openNotifier(
  flags: readonly string[],
  surroundings: NotifySurroundings,
  problems: (problem: NotifyError) => void,
): Promise<Notifier> {
  const { clock } = surroundings
  const destinations: Destination[] = []
  for (const flag of flags) destinations.push(await openDestination(flag, surroundings))
  for (const { warning } of destinations) if (warning !== '') problems(new NotifyError(warning))
  const queues = destinations.map((destination) => new DeliveryQueue(destination, clock, problems))
  let ended = false
  return {
    send(notification) {
      if (ended) return
      const fields = notificationFields(notification)
      for (const queue of queues) queue.push(fields)
    },
    async flush(timeout) {
      ended = true
      const late = new AbortController()
      const done = new AbortController()
      clock.sleep(timeout, done.signal).then(
        () => late.abort(),
        () => undefined,
      )
      await Promise.all(queues.map((queue) => queue.end(late.signal)))
      done.abort()
    },
    sendTest(signal) {
      const fields = notificationFields(sampleNotification('applied', new Date(clock.now())))
      return Promise.all(
        destinations.map(async (destination): Promise<TestResult> => {
          const { name } = destination
          return destination.deliver([fields], signal).then(
            () => ({ destination: name }),
            (error: unknown) => ({ destination: name, error: asNotifyError(error, name) }),
          )
        }),
      )
    },
  }
}
