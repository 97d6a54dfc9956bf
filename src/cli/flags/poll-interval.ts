import { UserError } from '../../lib/errors.ts'
import { SHORTEST_POLL } from '../../lib/rules/build-rule.ts'
import { durationFlag } from './duration.ts'

/** `--interval` that asks registries too often. */
export class PollIntervalError extends UserError {}

/** What `--interval` of a watch says, milliseconds. @throws PollIntervalError, DurationFlagError */
export function pollInterval(text: string): number {
  const interval = durationFlag('--interval', text)
  if (interval >= SHORTEST_POLL) return interval
  throw new PollIntervalError(
    `--interval ${text} is too short`,
    'Poll every 10s at most: registries limit requests',
  )
}
