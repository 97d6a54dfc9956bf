import { leaseDuration } from '../flags/lease.ts'
import { pollInterval } from '../flags/poll-interval.ts'
import { contextOptions } from '../session/session.ts'
import { followLimit } from '../update/course.ts'
import { DeployFlagError } from './flag-error.ts'
import type { DeployFlags } from './plan.ts'
import { checkSecrets } from './secrets.ts'
import { USELESS_IN_A_POD } from './watch-flags.ts'

/**
 * Refuses what the watch in the Pod would refuse, and what it could not use there: a Pod that stops at once is
 * found out late.
 *
 * @throws UserError
 */
export function checkDeployFlags(names: readonly string[], flags: DeployFlags): void {
  for (const [name, [why, instead]] of Object.entries(USELESS_IN_A_POD)) {
    if (flags[name as keyof typeof USELESS_IN_A_POD]) throw new DeployFlagError(`--${name}: ${why}`, instead)
  }
  if (flags['git-credentials'] === 'local') {
    throw new DeployFlagError(
      '--git-credentials local is your own git setup, which a Pod has not',
      'Leave it out: then the repository Secrets of Argo CD are used',
    )
  }
  if (flags.shard && names.length > 0) {
    throw new DeployFlagError(
      '--shard divides all Applications, not those that are named',
      'Leave out the names',
    )
  }
  const pods = flags.replicas ?? 1
  if (flags['read-only'] && flags.lease === undefined && pods > 1) {
    throw new DeployFlagError(
      '--replicas with --read-only: every Pod would tell the same',
      'Add --lease, so that one tells and the others take over',
    )
  }
  pollInterval(flags.interval)
  leaseDuration({ ...flags, lease: flags.lease ?? '' })
  followLimit(flags.wait)
  checkSecrets(flags)
  // The rest is checked as a watch checks it; the variables with tokens are in the Pod, not here.
  contextOptions({ ...flags, 'pull-request-token-env': [] })
}
