import { setTimeout as sleep } from 'node:timers/promises'
import { identityText, processIdentity } from '../lib/cluster/operator-identity.ts'
import { type LeaseEvent, WATCH_LEASE, WatchLease } from '../lib/engine/watch-lease.ts'
import { UserError } from '../lib/errors.ts'
import { errorText } from '../lib/terminal/error-line.ts'
import { printable } from '../lib/terminal/escape.ts'
import type { Session } from './session.ts'

/** `--lease` where it cannot be had. */
export class LeaseFlagError extends UserError {}

/** The turn of a watch in one cluster, kept for as long as it runs. */
export interface KeptLease {
  /** Why nothing may be written just now; '' when it is our turn. */
  barrier(): string
  /** Ends the keeping, and lets the next watch begin at once. */
  release(): Promise<void>
}

/**
 * Takes turns with other watches of the same namespace through a Kubernetes Lease.
 *
 * @param name of the Lease; '' for the usual one
 * @param onChange told of each change, one line, and whether it is our turn since
 */
export async function keepLease(
  session: Session,
  name: string,
  onChange: (line: string, ours: boolean) => void,
): Promise<KeptLease> {
  const { cluster } = session.engine
  const { namespace } = session.target
  if (!cluster || namespace === '') {
    throw new LeaseFlagError(
      '--lease needs one namespace: the Lease is kept beside the Applications',
      'Leave out -A, and name the namespace with -n',
    )
  }
  const identity = processIdentity()
  const lease = new WatchLease(
    {
      client: cluster,
      now: () => new Date(),
      pause: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => {}),
    },
    { identity, name: name || WATCH_LEASE, namespace },
  )
  let holder = await lease.acquire()
  const ending = new AbortController()
  const keeping = (async () => {
    for await (const event of lease.keep(ending.signal)) {
      holder = event.type === 'waiting' ? event.holder : event.type === 'acquired' ? '' : holder
      onChange(printable(leaseLine(event)), event.type === 'acquired')
    }
  })()
  return {
    barrier: () =>
      lease.held ? '' : holder === '' ? 'the lease is not held' : `${identityText(holder)} has the lease`,
    release: async () => {
      ending.abort()
      await keeping
      await lease.release()
    },
  }
}

function leaseLine(event: LeaseEvent): string {
  switch (event.type) {
    case 'acquired':
      return event.from === ''
        ? 'lease: this watch has the turn'
        : `lease: taken over from ${identityText(event.from)}`
    case 'waiting':
      return `lease: ${identityText(event.holder)} has the turn, this watch looks on`
    case 'lost':
      return `lease: lost, nothing is written: ${event.reason}`
    case 'unreachable':
      return `lease: ${errorText(event.error)}`
  }
}
