import { UserError } from '../../lib/errors.ts'
import { durationFlag } from './duration.ts'

/** How a watch takes turns with others. */
export interface LeaseFlags {
  /** The name of the Lease, '' for the usual one; absent: no turns are taken. */
  readonly lease?: string | undefined
  readonly 'lease-namespace'?: string | undefined
  readonly 'lease-duration': string
}

/** Flags about turns that cannot be used, or not as things are. */
export class LeaseFlagError extends UserError {}

/** Seconds. Below, an API server that hesitates for a moment costs the turn; above, nobody would wait for it. */
const SHORTEST = 3
const LONGEST = 3600

/**
 * What `--lease-duration` says, in whole seconds as a Lease counts them.
 *
 * @throws LeaseFlagError, also where a flag about the Lease is given and none is asked for
 */
export function leaseDuration(flags: LeaseFlags): number {
  if (flags.lease === undefined && flags['lease-namespace']) {
    throw new LeaseFlagError('--lease-namespace is of no use without --lease', 'Add --lease, or --lease=NAME')
  }
  const text = flags['lease-duration']
  const seconds = durationFlag('--lease-duration', text) / 1000
  if (Number.isInteger(seconds) && seconds >= SHORTEST && seconds <= LONGEST) return seconds
  throw new LeaseFlagError(
    `--lease-duration ${text} cannot be used`,
    `A Lease counts whole seconds: write ${SHORTEST}s to 1h`,
  )
}
