import type { IncomingMessage } from 'node:http'
import { isObject, type JsonObject, objectAt, textAt } from '../json.ts'
import { type Authorize, USER } from './authorize.ts'
import { readBody, readObject } from './body.ts'
import { listBody, listPage, matcherOf } from './list.ts'
import type { FieldManager } from './managed-fields.ts'
import type { ObjectStore } from './object-store.ts'
import { type Patch, readPatch } from './patch.ts'
import type { RequestTarget } from './request-target.ts'
import { applyConfiguration } from './server-side-apply.ts'
import { badRequest, forbidden, methodNotAllowed, notFound } from './status.ts'
import { type IncludeObject, tableOf } from './table.ts'
import {
  createObject,
  deleteObject,
  requireResourceVersion,
  updateObject,
  type WriteOptions,
} from './writes.ts'

/** An answer: an HTTP code and a JSON body. */
export interface Answer {
  readonly code: number
  readonly body: JsonObject
}

/** One request on a resource, read and authorized. */
export interface ResourceRequest {
  readonly target: RequestTarget
  readonly query: URLSearchParams
  readonly message: IncomingMessage
  readonly now: Date
}

/** The RBAC verb of a request. */
export function verbOf({ target, query, message }: ResourceRequest): string {
  const collection = target.name === ''
  switch (message.method) {
    case 'GET':
    case 'HEAD':
      if (query.get('watch') === 'true' || query.get('watch') === '1') return 'watch'
      return collection ? 'list' : 'get'
    case 'POST':
      return 'create'
    case 'PUT':
      return 'update'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return collection ? 'deletecollection' : 'delete'
    default:
      throw methodNotAllowed()
  }
}

/** @throws ApiStatusError 403 when `authorize` says no. */
export function checkAccess(request: ResourceRequest, verb: string, authorize: Authorize): void {
  const { type, namespace, name, subresource } = request.target
  const resource = subresource ? `${type.plural}/${subresource}` : type.plural
  if (!authorize({ verb, group: type.group, resource, namespace, name })) {
    throw forbidden(type, name, USER, verb, namespace)
  }
}

/** Carries out every verb but watch. @throws ApiStatusError as the API server would refuse. */
export async function handleResource(
  store: ObjectStore,
  request: ResourceRequest,
  verb: string,
): Promise<Answer> {
  const { target, query, message } = request
  const { type, namespace, name } = target
  switch (verb) {
    case 'get':
      return { code: 200, body: render(request, existing(store, target)) }
    case 'list': {
      const page = listPage(store, type, namespace, query)
      const include = tableRequest(request)
      if (include === undefined) return { code: 200, body: listBody(type, page) }
      return { code: 200, body: tableOf(type, page.objects, page.metadata, include, request.now) }
    }
    case 'create': {
      if (name !== '' || (type.namespaced && namespace === '')) throw methodNotAllowed()
      const given = await readObject(message)
      return {
        code: 201,
        body: render(request, createObject(store, type, namespace, given, writeOptions(request))),
      }
    }
    case 'update': {
      if (name === '') throw methodNotAllowed()
      const given = await readObject(message)
      const before = existing(store, target)
      requireResourceVersion(type, given)
      return {
        code: 200,
        body: render(request, updateObject(store, type, before, given, writeOptions(request))),
      }
    }
    case 'patch': {
      if (name === '') throw methodNotAllowed()
      return patchObject(store, request, await readPatch(message, type))
    }
    case 'delete': {
      const options = asObject(await readBody(message))
      const object = existing(store, target)
      const deleted = deleteObject(store, type, object, options, writeOptions(request, options))
      return { code: 200, body: deletionStatus(target, deleted) }
    }
    case 'deletecollection': {
      const options = asObject(await readBody(message))
      const matches = matcherOf(type, query)
      for (const [, object] of store.list(type, namespace)) {
        if (matches(object)) deleteObject(store, type, object, options, writeOptions(request, options))
      }
      return { code: 200, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } }
    }
    default:
      throw methodNotAllowed()
  }
}

function patchObject(store: ObjectStore, request: ResourceRequest, patch: Patch): Answer {
  const { target, query } = request
  const { type, namespace, name } = target
  const live = store.get(type, namespace, name)
  if (patch.kind === 'patch') {
    const before = live ?? existing(store, target)
    const given = patch.apply(before)
    return {
      code: 200,
      body: render(request, updateObject(store, type, before, given, writeOptions(request))),
    }
  }
  if (!query.get('fieldManager')) {
    throw badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    )
  }
  const options = writeOptions(request, {}, 'Apply')
  const force = query.get('force') === 'true'
  const applied = applyConfiguration(type, live, patch.configuration, options.manager, force)
  const write = { ...options, applied: applied.paths }
  if (live)
    return { code: 200, body: render(request, updateObject(store, type, live, applied.object, write)) }
  const named = {
    ...applied.object,
    metadata: { ...objectAt(applied.object, 'metadata'), name },
  }
  return { code: 201, body: render(request, createObject(store, type, namespace, named, write)) }
}

function existing(store: ObjectStore, { type, namespace, name }: RequestTarget): JsonObject {
  const object = store.get(type, namespace, name)
  if (!object) throw notFound(type, name)
  return object
}

function asObject(value: unknown): JsonObject {
  return isObject(value as JsonObject | undefined) ? (value as JsonObject) : {}
}

function writeOptions(
  { target, query, message, now }: ResourceRequest,
  deleteOptions: JsonObject = {},
  operation: FieldManager['operation'] = 'Update',
): WriteOptions {
  const dryRun = query.getAll('dryRun')
  if (Array.isArray(deleteOptions['dryRun'])) dryRun.push(...deleteOptions['dryRun'].map(String))
  const unknown = dryRun.find((value) => value !== 'All')
  if (unknown !== undefined) {
    throw badRequest(`dryRun: Unsupported value: "${unknown}": supported values: "All"`)
  }
  // Without a name of its own, a manager is known by its user agent.
  const name =
    query.get('fieldManager') || (message.headers['user-agent'] ?? 'unknown').split('/')[0] || 'unknown'
  return {
    manager: { name, operation, subresource: target.subresource },
    dryRun: dryRun.length > 0,
    now,
  }
}

/** What `Accept` asks for: a Table with this much of each object, or (undefined) the objects themselves. */
function tableRequest({ message, query }: ResourceRequest): IncludeObject | undefined {
  const first = (message.headers.accept ?? '').split(',')[0] ?? ''
  if (!/;\s*as=Table(?:;|$)/.test(first)) return undefined
  const include = query.get('includeObject')
  return include === 'None' || include === 'Object' ? include : 'Metadata'
}

/** The object, or the one-row Table of it that kubectl asks for. */
export function render(request: ResourceRequest, object: JsonObject): JsonObject {
  const include = tableRequest(request)
  if (include === undefined) return object
  const metadata = { resourceVersion: textAt(object, 'metadata', 'resourceVersion') }
  return tableOf(request.target.type, [object], metadata, include, request.now)
}

function deletionStatus({ type, name }: RequestTarget, deleted: JsonObject): JsonObject {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name,
      ...(type.group ? { group: type.group } : {}),
      kind: type.plural,
      uid: textAt(deleted, 'metadata', 'uid'),
    },
  }
}
