import type { Notifier } from '../../lib/notify/notifier.ts'
import { systemClock } from '../../lib/registry/clock.ts'
import { errorText } from '../../lib/terminal/error-line.ts'
import { VERSION } from '../version.ts'

/** How long the last notifications of a command may take, milliseconds. */
export const NOTIFY_GRACE = 5_000

/**
 * Opens what `--notify` names; undefined where nothing is named, which then loads nothing.
 *
 * @param problem told of destinations that do not work, one line each
 * @throws NotifyError for a flag that cannot be used
 */
export async function openNotifications(
  flags: readonly string[],
  problem: (line: string) => void,
): Promise<Notifier | undefined> {
  if (flags.length === 0) return undefined
  const { openNotifier } = await import('../../lib/notify/notifier.ts')
  const surroundings = {
    clock: systemClock,
    env: process.env,
    platform: process.platform,
    userAgent: `kubectl-image-updater/${VERSION}`,
  }
  return openNotifier(flags, surroundings, (error) => problem(`Warning: ${errorText(error)}`))
}
