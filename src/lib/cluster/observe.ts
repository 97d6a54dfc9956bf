import type { KubernetesObject } from '../application/kubernetes-object.ts'
import { type ClusterClient, ClusterError } from './client.ts'
import type { ResourcePath } from './resource-path.ts'
import { isForbidden, isNotFound } from './status-error.ts'

/** One look at an object. */
export type Observation =
  | { readonly type: 'object'; readonly object: KubernetesObject }
  /** It does not exist, or no longer; the last observation. */
  | { readonly type: 'gone' }
  /** It could not be read just now; it is tried again. */
  | { readonly type: 'unreadable'; readonly error: ClusterError }

export interface ObserveOptions {
  readonly signal: AbortSignal
  /** Resolves after so many milliseconds, or as soon as `signal` aborts. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>
}

const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 15_000
const EXPIRED = 410

/**
 * The object at `path` as it is, and as it changes, until it is gone or `signal` aborts. It is watched; where
 * that is not allowed it is read again and again, less often the longer nothing changes. What breaks in
 * between is taken up again, so that the same state may be told twice, but the latest is never missed.
 *
 * @throws ClusterError where the object may not be read at all.
 */
export async function* observeObject(
  client: ClusterClient,
  path: ResourcePath & { readonly name: string },
  { signal, pause }: ObserveOptions,
): AsyncGenerator<Observation, void> {
  const wait = new GrowingPause()
  let mayWatch = true
  let version: string | undefined
  while (!signal.aborted) {
    try {
      const object = await client.get(path)
      if (object.metadata.resourceVersion !== version) wait.reset()
      version = object.metadata.resourceVersion
      yield { type: 'object', object }
    } catch (error) {
      if (isNotFound(error)) return yield { type: 'gone' }
      if (!(error instanceof ClusterError) || isForbidden(error)) throw error
      yield { type: 'unreadable', error }
      await pause(wait.next(), signal)
      continue
    }
    if (mayWatch) {
      try {
        for await (const { type, object } of watchOne(client, path, version ?? '', signal)) {
          if (type === 'DELETED') return yield { type: 'gone' }
          wait.reset()
          version = object.metadata.resourceVersion
          yield { type: 'object', object }
        }
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error
        if (error.status === 403 || error.status === 405) mayWatch = false
      }
    }
    if (!signal.aborted) await pause(wait.next(), signal)
  }
}

/** From `version` on; from what is there where the API server has forgotten that version. */
async function* watchOne(
  client: ClusterClient,
  { name, ...collection }: ResourcePath & { readonly name: string },
  version: string,
  signal: AbortSignal,
) {
  const fieldSelector = `metadata.name=${name}`
  try {
    yield* client.watch(collection, { fieldSelector, resourceVersion: version, signal })
  } catch (error) {
    if (!(error instanceof ClusterError) || error.status !== EXPIRED) throw error
    yield* client.watch(collection, { fieldSelector, resourceVersion: '', signal })
  }
}

class GrowingPause {
  #milliseconds = FIRST_PAUSE

  next(): number {
    const milliseconds = this.#milliseconds
    this.#milliseconds = Math.min(LONGEST_PAUSE, milliseconds * 2)
    return milliseconds
  }

  reset(): void {
    this.#milliseconds = FIRST_PAUSE
  }
}
