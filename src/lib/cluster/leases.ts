import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { ObjectField } from '../application/object-field.ts'
import type { ClusterClient, ReadOptions } from './client.ts'
import { microTime } from './micro-time.ts'
import type { ResourcePath } from './resource-path.ts'
import { isNotFound } from './status-error.ts'

/** What a Lease says, as a person or program wrote it. */
export interface LeaseRecord {
  /** Whose turn it is; '' when nobody's. */
  readonly holder: string
  /** Seconds after the last renewal until others may take it. */
  readonly duration: number
  /** RFC 3339 with microseconds, by the holder's clock; '' when never. */
  readonly acquired: string
  readonly renewed: string
  /** How often the holder changed. */
  readonly transitions: number
}

/** A Lease as it was read. */
export interface Lease {
  readonly record: LeaseRecord
  readonly object: KubernetesObject
}

export interface LeaseName {
  readonly namespace: string
  readonly name: string
}

/** @throws ClusterError; undefined where there is none. @throws MalformedFieldError */
export async function readLease(
  client: ClusterClient,
  name: LeaseName,
  options: ReadOptions = {},
): Promise<Lease | undefined> {
  try {
    return leaseOf(await client.get(pathOf(name), options))
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** @throws ClusterError 409 when somebody was faster. */
export async function createLease(
  client: ClusterClient,
  name: LeaseName,
  record: LeaseRecord,
  options: ReadOptions = {},
): Promise<Lease> {
  const { name: _name, ...collection } = pathOf(name)
  const metadata = { name: name.name, namespace: name.namespace }
  const object = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: specOf(record) }
  return leaseOf(await client.create(collection, object, options))
}

/** Writes the Lease, if it still is what was read. @throws ClusterError 409 when it is not. */
export async function replaceLease(
  client: ClusterClient,
  { object }: Lease,
  record: LeaseRecord,
  options: ReadOptions = {},
): Promise<Lease> {
  const { name, namespace = '' } = object.metadata
  const spec = { ...(object['spec'] as object | undefined), ...specOf(record) }
  return leaseOf(await client.replace(pathOf({ name, namespace }), { ...object, spec }, options))
}

/** `acquired` and `renewed` for a moment. */
export const leaseTime = microTime

function leaseOf(object: KubernetesObject): Lease {
  const spec = new ObjectField(`lease "${object.metadata.name}"`, object).member('spec')
  const count = (field: ObjectField): number => (typeof field.value === 'number' ? field.value : 0)
  return {
    object,
    record: {
      acquired: spec.member('acquireTime').text(),
      duration: count(spec.member('leaseDurationSeconds')),
      holder: spec.member('holderIdentity').text(),
      renewed: spec.member('renewTime').text(),
      transitions: count(spec.member('leaseTransitions')),
    },
  }
}

function specOf({ holder, duration, acquired, renewed, transitions }: LeaseRecord): object {
  return {
    acquireTime: acquired,
    holderIdentity: holder,
    leaseDurationSeconds: duration,
    leaseTransitions: transitions,
    renewTime: renewed,
  }
}

function pathOf({ namespace, name }: LeaseName): ResourcePath {
  return { group: 'coordination.k8s.io', version: 'v1', resource: 'leases', namespace, name }
}
