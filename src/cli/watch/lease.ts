import { setTimeout as sleep } from 'node:timers/promises'
import { IN_CLUSTER, podNamespace } from '../../lib/cluster/in-cluster.ts'
import type { LeaseName } from '../../lib/cluster/leases.ts'
import { identityText, processIdentity } from '../../lib/cluster/operator-identity.ts'
import { type LeaseEvent, WATCH_LEASE, WatchLease } from '../../lib/engine/watch-lease.ts'
import { LeaseFlagError, type LeaseFlags, leaseDuration } from '../flags/lease.ts'
import type { Session } from '../session/session.ts'

/** The turn of a watch in one cluster, kept for as long as it runs. */
export interface KeptLease {
  readonly name: LeaseName
  /** Whether it is our turn. */
  readonly held: boolean
  /** Why nothing may be written just now; '' when it is our turn. */
  barrier(): string
  /** Ends the keeping, and lets the next watch begin at once. */
  release(): Promise<void>
}

/**
 * Takes turns with other watches through a Kubernetes Lease.
 *
 * @param onChange told of each change
 */
export async function keepLease(
  session: Session,
  flags: LeaseFlags,
  onChange: (event: LeaseEvent) => void,
): Promise<KeptLease> {
  const { cluster } = session.engine
  if (!cluster) throw new LeaseFlagError('--lease needs a cluster: a Lease is an object of it')
  const duration = leaseDuration(flags)
  const name = { name: flags.lease || WATCH_LEASE, namespace: await namespaceOf(session, flags) }
  const lease = new WatchLease(
    {
      client: cluster,
      elapsed: () => performance.now(),
      now: () => new Date(),
      pause: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => {}),
    },
    { duration, identity: processIdentity(), ...name },
  )
  let holder = await lease.acquire()
  if (holder === '') onChange({ at: new Date(), from: '', type: 'acquired' })
  const ending = new AbortController()
  const keeping = (async () => {
    for await (const event of lease.keep(ending.signal)) {
      holder = event.type === 'waiting' ? event.holder : event.type === 'acquired' ? '' : holder
      onChange(event)
    }
  })()
  return {
    barrier: () =>
      lease.held ? '' : holder === '' ? 'the lease is not held' : `${identityText(holder)} has the lease`,
    get held() {
      return lease.held
    },
    name,
    release: async () => {
      ending.abort()
      await keeping
      await lease.release()
    },
  }
}

/** The namespace of the Lease: the one named, else that of the Applications, else the Pod's own. */
async function namespaceOf({ target }: Session, flags: LeaseFlags): Promise<string> {
  const stated = flags['lease-namespace'] || target.namespace
  if (stated !== '') return stated
  const own = target.context === IN_CLUSTER ? await podNamespace(process.env) : ''
  if (own !== '') return own
  throw new LeaseFlagError(
    '--lease needs a namespace for the Lease: with -A there is none that goes without saying',
    'Name one with --lease-namespace, where this user may create a Lease',
  )
}
