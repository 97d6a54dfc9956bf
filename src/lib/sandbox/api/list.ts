import { isObject, type Json, type JsonObject } from '../json.ts'
import type { ObjectStore } from './object-store.ts'
import { apiVersionOf, type ResourceType } from './resource-type.ts'
import { fieldMatcher, labelMatcher } from './selector.ts'
import { ApiStatusError, badRequest, expired } from './status.ts'

/** One page of a list, before it becomes a List or a Table. */
export interface Page {
  readonly objects: readonly JsonObject[]
  /** metav1.ListMeta */
  readonly metadata: JsonObject
}

const TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list ' +
  'without the continue parameter, or use the continue token in this response to retrieve the remainder of the ' +
  'results. Continuing with the provided token results in an inconsistent list - objects that were created, ' +
  'modified, or deleted between the time the first chunk was returned and now may show up in the list.'

/**
 * A page as `limit`, `continue`, `labelSelector`, `fieldSelector`, `resourceVersion` and
 * `resourceVersionMatch` ask for it. All pages of a list show the state at its first page.
 * @throws ApiStatusError 400 on bad parameters, 410 when the list's state is forgotten.
 */
export function listPage(
  store: ObjectStore,
  type: ResourceType,
  namespace: string,
  query: URLSearchParams,
): Page {
  const matches = matcherOf(type, query)
  const limit = Number(query.get('limit') ?? 0)
  if (!Number.isInteger(limit) || limit < 0) throw badRequest(`invalid limit "${query.get('limit')}"`)
  const token = query.get('continue') ?? ''
  const start = token ? readToken(token) : undefined
  const exact =
    query.get('resourceVersionMatch') === 'Exact' ? Number(query.get('resourceVersion')) : undefined
  // A token without a version goes on without consistency: what a 410 hands out.
  const at = start?.resourceVersion || exact || store.resourceVersion
  const all = snapshot(store, type, namespace, at, start?.after)
  const rest = all.filter(([key, object]) => matches(object) && (start === undefined || key > start.after))
  const page = limit > 0 ? rest.slice(0, limit) : rest
  const last = page.at(-1)
  const more = rest.length > page.length && last !== undefined
  const selected = query.get('labelSelector') || query.get('fieldSelector')
  return {
    objects: page.map(([, object]) => object),
    metadata: {
      resourceVersion: String(at),
      ...(more ? { continue: writeToken(at, last[0]) } : {}),
      ...(more && !selected ? { remainingItemCount: rest.length - page.length } : {}),
    },
  }
}

function snapshot(
  store: ObjectStore,
  type: ResourceType,
  namespace: string,
  at: number,
  after: string | undefined,
): [string, JsonObject][] {
  try {
    return store.list(type, namespace, at)
  } catch (error) {
    if (after === undefined || !(error instanceof ApiStatusError)) throw error
    throw expired(TOO_OLD, writeToken(0, after))
  }
}

/** The test that label and field selectors of a list or watch make together. */
export function matcherOf(type: ResourceType, query: URLSearchParams): (object: JsonObject) => boolean {
  const byLabel = labelMatcher(query.get('labelSelector') ?? '')
  const byField = fieldMatcher(query.get('fieldSelector') ?? '', type)
  return (object) => byLabel(object) && byField(object)
}

/** The page as `…List`. Items of built-in kinds carry neither kind nor apiVersion, as in a kube-apiserver. */
export function listBody(type: ResourceType, page: Page): JsonObject {
  return {
    kind: `${type.kind}List`,
    apiVersion: apiVersionOf(type),
    metadata: page.metadata,
    items: page.objects.map((object): Json => {
      if (type.custom) return object
      const { kind: _kind, apiVersion: _apiVersion, ...item } = object
      return item
    }),
  }
}

function writeToken(resourceVersion: number, after: string): string {
  return Buffer.from(JSON.stringify({ v: 'sandbox/v1', rv: resourceVersion, after })).toString('base64url')
}

function readToken(token: string): { resourceVersion: number; after: string } {
  try {
    const value = JSON.parse(Buffer.from(token, 'base64url').toString()) as Json
    if (isObject(value) && typeof value['rv'] === 'number' && typeof value['after'] === 'string') {
      return { resourceVersion: value['rv'], after: value['after'] }
    }
  } catch {
    // Falls through to the same refusal: whatever it was, it is no token of ours.
  }
  throw badRequest('invalid continue token: continue key is not valid')
}
