import { type Json, type JsonObject, objectAt } from '../json.ts'
import { matcherOf } from './list.ts'
import type { ObjectStore, StoreEvent } from './object-store.ts'
import { apiVersionOf, type ResourceType } from './resource-type.ts'
import { ApiStatusError } from './status.ts'

/** Where the events of a watch go, one JSON line each. */
export interface WatchSink {
  /** Turns an object into what the client asked for: itself or a one-row Table. */
  readonly render: (object: JsonObject) => JsonObject
  readonly send: (event: JsonObject) => void
  readonly end: () => void
}

/** A running watch. */
export interface Watch {
  /** Sends a bookmark when the client asked for them. */
  bookmark(): void
  stop(): void
}

/**
 * Starts a watch. Without a resourceVersion (or with 0) every matching object comes first as ADDED; with one, the changes since
 * then. With `sendInitialEvents=true` a bookmark marks the end of what was there. One that is too old gets
 * a single ERROR event with a 410 Status, and the end.
 */
export function startWatch(
  store: ObjectStore,
  type: ResourceType,
  namespace: string,
  name: string,
  query: URLSearchParams,
  sink: WatchSink,
): Watch {
  const matches = matcherOf(type, query)
  const wanted = (object: JsonObject | undefined): boolean =>
    object !== undefined &&
    (namespace === '' || objectAt(object, 'metadata')['namespace'] === namespace) &&
    (name === '' || objectAt(object, 'metadata')['name'] === name) &&
    matches(object)
  const bookmarks = query.get('allowWatchBookmarks') === 'true'
  const sendBookmark = (annotations?: JsonObject): void => {
    sink.send({
      type: 'BOOKMARK',
      object: sink.render(bookmarkObject(type, store.resourceVersion, annotations)),
    })
  }
  const onChange = (event: StoreEvent): void => {
    const change = changeOf(event, wanted)
    if (change) sink.send({ type: change.type, object: sink.render(change.object) })
  }
  const since = query.get('resourceVersion') ?? ''
  const initial = query.get('sendInitialEvents') === 'true'
  let stop = (): void => {}
  try {
    const start = since === '' || since === '0' || initial ? store.resourceVersion : Number(since)
    if (since === '' || since === '0' || initial) {
      for (const [, object] of store.list(type, namespace)) {
        if (wanted(object)) sink.send({ type: 'ADDED', object: sink.render(object) })
      }
      if (initial && bookmarks) sendBookmark({ 'k8s.io/initial-events-end': 'true' })
    }
    stop = store.subscribe(type, start, onChange)
  } catch (error) {
    if (!(error instanceof ApiStatusError)) throw error
    sink.send({ type: 'ERROR', object: error.toJSON() })
    sink.end()
  }
  return {
    bookmark: () => {
      if (bookmarks) sendBookmark()
    },
    stop,
  }
}

/** An object that starts or stops matching a selector comes and goes for the watcher. */
function changeOf(
  event: StoreEvent,
  wanted: (object: JsonObject | undefined) => boolean,
): { type: string; object: JsonObject } | undefined {
  const was = wanted(event.before)
  const is = wanted(event.after)
  if (is && event.after) return { type: was ? 'MODIFIED' : 'ADDED', object: event.after }
  if (!was || !event.before) return undefined
  const metadata: Json = {
    ...objectAt(event.before, 'metadata'),
    resourceVersion: String(event.resourceVersion),
  }
  return { type: 'DELETED', object: { ...event.before, metadata } }
}

function bookmarkObject(type: ResourceType, resourceVersion: number, annotations?: JsonObject): JsonObject {
  return {
    kind: type.kind,
    apiVersion: apiVersionOf(type),
    metadata: {
      resourceVersion: String(resourceVersion),
      creationTimestamp: null,
      ...(annotations ? { annotations } : {}),
    },
  }
}
