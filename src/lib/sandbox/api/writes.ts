import { randomBytes, randomUUID } from 'node:crypto'
import { equalJson, isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../json.ts'
import { withDefaults } from './defaults.ts'
import { type FieldManager, recordManager } from './managed-fields.ts'
import { type ObjectStore, typed } from './object-store.ts'
import { apiVersionOf, type ResourceType, resourceType } from './resource-type.ts'
import { alreadyExists, badRequest, conflict, invalid, notFound } from './status.ts'
import { validate } from './validation.ts'

/** How a write is to be done, beside what it writes. */
export interface WriteOptions {
  readonly manager: FieldManager
  readonly dryRun: boolean
  readonly now: Date
  /** The paths a server-side apply owns from now on. */
  readonly applied?: ReadonlySet<string>
}

/**
 * Creates an object, with a random suffix for `generateName`.
 * @throws ApiStatusError 409 when it exists, 404 when its namespace does not, 422 when it is invalid.
 */
export function createObject(
  store: ObjectStore,
  type: ResourceType,
  namespace: string,
  given: JsonObject,
  options: WriteOptions,
): JsonObject {
  checkKind(type, given)
  const metadata = objectAt(given, 'metadata')
  checkNamespace(metadata, namespace)
  const prefix = textAt(metadata, 'generateName')
  const name = textAt(metadata, 'name') || (prefix ? prefix + randomBytes(3).toString('hex').slice(0, 5) : '')
  if (type.namespaced && !store.get(resourceType('namespaces'), '', namespace)) {
    throw notFound(resourceType('namespaces'), namespace)
  }
  if (name && store.get(type, namespace, name)) throw alreadyExists(type, name)
  const { resourceVersion: _version, managedFields: _managed, ...kept } = metadata
  const complete = withDefaults(type, {
    ...given,
    metadata: {
      ...kept,
      name,
      ...(type.namespaced ? { namespace } : {}),
      uid: randomUUID(),
      creationTimestamp: timestamp(options.now),
      ...(type.generation === 'never' ? {} : { generation: 1 }),
    },
  })
  const fresh = type.statusSubresource ? { ...complete, ...initialStatus(type) } : complete
  validate(type, fresh)
  return commit(store, type, undefined, typed(type.kind, apiVersionOf(type), fresh), options)
}

/**
 * Replaces an object, or its status alone, by `given` (a PUT, or what a patch made of it).
 * @throws ApiStatusError 409 when `given` states another resourceVersion or uid, 422 when it is invalid.
 */
export function updateObject(
  store: ObjectStore,
  type: ResourceType,
  before: JsonObject,
  given: JsonObject,
  options: WriteOptions,
): JsonObject {
  checkKind(type, given)
  const old = objectAt(before, 'metadata')
  const metadata = objectAt(given, 'metadata')
  const name = textAt(old, 'name')
  checkIdentity(type, old, metadata)
  const version = textAt(metadata, 'resourceVersion')
  if (version !== '' && version !== textAt(old, 'resourceVersion')) throw conflict(type, name)
  const statusOnly = options.manager.subresource === 'status'
  const base = statusOnly ? { ...before, metadata: old } : { ...given, metadata }
  const next = withDefaults(type, {
    ...base,
    metadata: { ...clientMetadata(objectAt(base, 'metadata')), ...systemMetadata(old) },
    ...(type.statusSubresource ? statusOf(statusOnly ? given : before) : {}),
  })
  if (type.statusSubresource && !statusOnly && before['status'] === undefined) delete next['status']
  if (!isObject(given['metadata'])) throw badRequest('metadata must be an object')
  validate(type, next, before)
  const generation = objectAt(next, 'metadata')['generation']
  const changed = raisesGeneration(type, before, next)
  const stamped = changed
    ? {
        ...next,
        metadata: {
          ...objectAt(next, 'metadata'),
          generation: (typeof generation === 'number' ? generation : 0) + 1,
        },
      }
    : next
  return commit(store, type, before, typed(type.kind, apiVersionOf(type), stamped), options)
}

function commit(
  store: ObjectStore,
  type: ResourceType,
  before: JsonObject | undefined,
  next: JsonObject,
  options: WriteOptions,
): JsonObject {
  const managedFields = recordManager(
    type,
    before,
    next,
    options.manager,
    timestamp(options.now),
    options.applied,
  )
  const complete = { ...next, metadata: { ...objectAt(next, 'metadata'), managedFields } }
  // A write that changes nothing leaves the resourceVersion alone and wakes nobody.
  if (before && equalJson(complete, before)) return before
  if (options.dryRun) return complete
  const terminating = textAt(complete, 'metadata', 'deletionTimestamp') !== ''
  if (before && terminating && listAt(complete, 'metadata', 'finalizers').length === 0) {
    store.remove(type, textAt(complete, 'metadata', 'namespace'), textAt(complete, 'metadata', 'name'))
    return complete
  }
  return store.put(type, complete)
}

/**
 * Deletes an object; one with finalizers is only marked and goes when the last finalizer does.
 * @throws ApiStatusError 409 when a precondition does not hold.
 */
export function deleteObject(
  store: ObjectStore,
  type: ResourceType,
  object: JsonObject,
  deleteOptions: JsonObject,
  options: Pick<WriteOptions, 'dryRun' | 'now'>,
): JsonObject {
  const metadata = objectAt(object, 'metadata')
  const name = textAt(metadata, 'name')
  for (const [field, label] of [
    ['uid', 'UID'],
    ['resourceVersion', 'ResourceVersion'],
  ] as const) {
    const wanted = textAt(deleteOptions, 'preconditions', field)
    if (wanted !== '' && wanted !== textAt(metadata, field)) {
      const found = `${label} in precondition: ${wanted}, ${label} in object meta: ${textAt(metadata, field)}`
      throw conflict(type, name, `Precondition failed: ${found}`)
    }
  }
  if (options.dryRun) return object
  if (listAt(metadata, 'finalizers').length > 0) {
    if (textAt(metadata, 'deletionTimestamp') !== '') return object
    const marked = { deletionTimestamp: timestamp(options.now), deletionGracePeriodSeconds: 0 }
    return store.put(type, { ...object, metadata: { ...metadata, ...marked } })
  }
  if (type.kind === 'Namespace') removeContents(store, name)
  return store.remove(type, textAt(metadata, 'namespace'), name) ?? object
}

function removeContents(store: ObjectStore, namespace: string): void {
  for (const [type, name] of store.contentsOf(namespace)) store.remove(type, namespace, name)
}

function checkKind(type: ResourceType, given: JsonObject): void {
  const { kind, apiVersion } = given
  if (apiVersion !== undefined && apiVersion !== apiVersionOf(type)) {
    throw badRequest(
      `the API version in the data (${String(apiVersion)}) does not match the expected API version (${apiVersionOf(type)})`,
    )
  }
  if (kind !== undefined && kind !== type.kind) {
    throw badRequest(`${String(kind)} in version "${type.version}" cannot be handled as a ${type.kind}`)
  }
}

function checkNamespace(metadata: JsonObject, namespace: string): void {
  const stated = textAt(metadata, 'namespace')
  if (stated !== '' && stated !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
}

function checkIdentity(type: ResourceType, old: JsonObject, metadata: JsonObject): void {
  const name = textAt(old, 'name')
  const stated = textAt(metadata, 'name')
  checkNamespace(metadata, textAt(old, 'namespace'))
  if (stated !== '' && stated !== name) {
    throw badRequest(`the name of the object (${stated}) does not match the name on the URL (${name})`)
  }
  const uid = textAt(metadata, 'uid')
  if (uid !== '' && uid !== textAt(old, 'uid')) {
    const found = `UID in precondition: ${uid}, UID in object meta: ${textAt(old, 'uid')}`
    throw conflict(type, name, `Precondition failed: ${found}`)
  }
}

/** A PUT of a custom resource or a Lease must say which version it replaces. @throws ApiStatusError 422 */
export function requireResourceVersion(type: ResourceType, given: JsonObject): void {
  if ((!type.custom && type.kind !== 'Lease') || textAt(given, 'metadata', 'resourceVersion') !== '') return
  throw invalid(type, textAt(given, 'metadata', 'name'), [
    {
      reason: 'FieldValueInvalid',
      message: 'Invalid value: 0x0: must be specified for an update',
      field: 'metadata.resourceVersion',
    },
  ])
}

const SYSTEM_FIELDS = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'resourceVersion',
  'managedFields',
]

function systemMetadata(old: JsonObject): JsonObject {
  return Object.fromEntries(
    SYSTEM_FIELDS.flatMap((field): [string, Json][] =>
      old[field] === undefined ? [] : [[field, old[field]]],
    ),
  )
}

function clientMetadata(metadata: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(metadata).filter(([field]) => !SYSTEM_FIELDS.includes(field)))
}

function statusOf(object: JsonObject): JsonObject {
  return object['status'] === undefined ? {} : { status: object['status'] }
}

function initialStatus(type: ResourceType): JsonObject {
  if (type.kind === 'Namespace') return { status: { phase: 'Active' } }
  if (type.kind === 'Pod') return { status: { phase: 'Pending', qosClass: 'BestEffort' } }
  return { status: {} }
}

function raisesGeneration(type: ResourceType, before: JsonObject, next: JsonObject): boolean {
  if (type.generation === 'never') return false
  if (type.generation === 'spec' && !equalJson(before['spec'], next['spec'])) return true
  // Deployments count their annotations in: the controller copies them to ReplicaSets.
  if (type.kind === 'Deployment') return !equalJson(annotationsOf(before), annotationsOf(next))
  if (type.generation === 'spec') return false
  const { metadata: _before, ...was } = before
  const { metadata: _next, ...is } = next
  return !equalJson(was, is)
}

function annotationsOf(object: JsonObject): JsonObject {
  return objectAt(object, 'metadata', 'annotations')
}

/** Kubernetes timestamps have seconds. */
export function timestamp(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`
}
