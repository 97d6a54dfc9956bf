import type { ClusterClient } from '../cluster/client.ts'
import { type LeaseName, type LeaseRecord, readLease } from '../cluster/leases.ts'
import { UserError } from '../errors.ts'

/** How far the clocks of two machines may be apart before a notice is missed. */
const CLOCK_SKEW = 120_000

/** Who holds the turn, for the notice that another watch is running. */
export interface LeaseHolder {
  readonly holder: string
  /** By the holder's own clock. */
  readonly since: Date
}

/**
 * Looks who watches, without taking part. Undefined where nobody does, as far as can be seen: the Lease is
 * missing, given back, not readable for this user, or not renewed for so long that no clock that is
 * roughly right explains it.
 */
export async function whoWatches(
  { client, now }: { readonly client: ClusterClient; now(): Date },
  name: LeaseName,
): Promise<LeaseHolder | undefined> {
  let record: LeaseRecord | undefined
  try {
    record = (await readLease(client, name))?.record
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
  if (!record || record.holder === '') return undefined
  const silent = now().getTime() - Date.parse(record.renewed)
  if (!(silent < record.duration * 1000 + CLOCK_SKEW)) return undefined
  return { holder: record.holder, since: new Date(record.acquired) }
}
