import type { JsonPatchOperation } from '../application/json-patch.ts'
import type { KubernetesObject } from '../application/kubernetes-object.ts'
import {
  type ApplyOptions,
  type ClusterClient,
  ClusterError,
  type ClusterTarget,
  type ListOptions,
  type ReadOptions,
  type WatchEvent,
  type WatchOptions,
  type WriteOptions,
} from './client.ts'
import type { ResourcePath } from './resource-path.ts'
import { describeResource, groupVersionUrl, resourceUrl } from './resource-url.ts'
import { type Attempt, errorFromAnswer } from './status-error.ts'
import type { ApiRequest, ApiTransport } from './transport.ts'
import { watchResource } from './watch.ts'

const PAGE_SIZE = 500
/** With 500 objects a page this is half a million; a server that continues for ever is broken or hostile. */
const MOST_PAGES = 1000
const FIELD_MANAGER = 'kubectl-image-updater'

interface ListAnswer {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata?: { readonly continue?: string; readonly resourceVersion?: string }
  readonly items: readonly KubernetesObject[]
}

/** {@link ClusterClient} over HTTP: plain JSON in, plain JSON out. */
export class KubernetesClient implements ClusterClient {
  readonly target: ClusterTarget
  readonly #transport: ApiTransport

  constructor(transport: ApiTransport, target: ClusterTarget) {
    this.#transport = transport
    this.target = target
  }

  get warnings(): ReadonlySet<string> {
    return this.#transport.warnings
  }

  async get(path: ResourcePath, { signal }: ReadOptions = {}): Promise<KubernetesObject> {
    return asObject(await this.#send('get', path, { method: 'GET', signal }), path)
  }

  async list(path: ResourcePath, options: ListOptions = {}): Promise<KubernetesObject[]> {
    return (await this.listWithVersion(path, options)).items
  }

  /** As {@link list}, with the collection's resourceVersion, from which a {@link watch} can go on. */
  async listWithVersion(
    path: ResourcePath,
    options: ListOptions = {},
  ): Promise<{ items: KubernetesObject[]; resourceVersion: string }> {
    const items: KubernetesObject[] = []
    const selectors = { labelSelector: options.labelSelector, fieldSelector: options.fieldSelector }
    const limit = String(options.pageSize ?? PAGE_SIZE)
    let token = ''
    let resourceVersion = ''
    for (let page = 1; page <= MOST_PAGES; page++) {
      let answer: ListAnswer
      try {
        answer = await this.#listPage(path, { ...selectors, limit, continue: token })
      } catch (error) {
        // The snapshot the pages come from is gone: as kubectl, once in full, without pages.
        if (token === '' || !(error instanceof ClusterError) || error.status !== 410) throw error
        answer = await this.#listPage(path, selectors)
        items.length = 0
      }
      for (const item of answer.items) items.push(withType(item, answer))
      resourceVersion = answer.metadata?.resourceVersion ?? ''
      token = answer.metadata?.continue ?? ''
      if (token === '') return { items, resourceVersion }
    }
    throw this.#nonsense(path, `does not stop listing after ${MOST_PAGES} pages`)
  }

  async serves(type: Pick<ResourcePath, 'group' | 'version'>): Promise<boolean> {
    const { status } = await this.#transport.send({ method: 'GET', path: groupVersionUrl(type) })
    return status !== 404
  }

  async create(path: ResourcePath, object: KubernetesObject, options: WriteOptions = {}) {
    const { signal } = options
    const request = { method: 'POST', body: object, query: writeQuery(options), signal } as const
    return asObject(await this.#send('create', path, request), path)
  }

  async jsonPatch(path: ResourcePath, operations: readonly JsonPatchOperation[], options: WriteOptions = {}) {
    return this.#patch(path, operations, 'application/json-patch+json', options)
  }

  async mergePatch(path: ResourcePath, patch: unknown, options: WriteOptions = {}) {
    return this.#patch(path, patch, 'application/merge-patch+json', options)
  }

  async strategicMergePatch(path: ResourcePath, patch: unknown, options: WriteOptions = {}) {
    return this.#patch(path, patch, 'application/strategic-merge-patch+json', options)
  }

  async replace(path: ResourcePath, object: KubernetesObject, options: WriteOptions = {}) {
    const { signal } = options
    const request = { method: 'PUT', body: object, query: writeQuery(options), signal } as const
    return asObject(await this.#send('update', path, request), path)
  }

  async apply(path: ResourcePath, object: KubernetesObject, { force, ...options }: ApplyOptions = {}) {
    const query = { ...writeQuery(options), ...(force && { force: 'true' }) }
    const request = {
      method: 'PATCH',
      body: object,
      contentType: 'application/apply-patch+yaml',
      query,
    } as const
    return asObject(await this.#send('patch', path, request), path)
  }

  /** See {@link watchResource}. */
  watch(path: ResourcePath, options: WatchOptions): AsyncGenerator<WatchEvent, void> {
    return watchResource(this.#transport, path, options)
  }

  async close(): Promise<void> {
    await this.#transport.close()
  }

  async #patch(path: ResourcePath, body: unknown, contentType: string, options: WriteOptions) {
    const { signal } = options
    const request = { method: 'PATCH', body, contentType, query: writeQuery(options), signal } as const
    return asObject(await this.#send('patch', path, request), path)
  }

  async #listPage(path: ResourcePath, query: ApiRequest['query'] & object): Promise<ListAnswer> {
    const answer = await this.#send('list', path, { method: 'GET', query })
    const { items } = answer as { items?: unknown }
    // Go encodes an empty list as null.
    const list = items === null ? [] : items
    if (!Array.isArray(list) || !list.every(isObject))
      throw this.#nonsense(path, 'did not answer with a list')
    return { ...answer, items: list }
  }

  async #send(verb: string, path: ResourcePath, request: Omit<ApiRequest, 'path'>): Promise<object> {
    const { status, text } = await this.#transport.send({ ...request, path: resourceUrl(path) })
    const { context, server } = this.#transport.connection
    const attempt: Attempt = { verb, path, context, server }
    if (status < 200 || status > 299) throw errorFromAnswer(attempt, status, text)
    try {
      const answer: unknown = JSON.parse(text)
      if (typeof answer === 'object' && answer !== null) return answer
    } catch {
      // Falls through: whatever it was, it was no JSON object.
    }
    throw this.#nonsense(path, 'did not answer with JSON')
  }

  #nonsense(path: ResourcePath, what: string): ClusterError {
    return new ClusterError(
      `${this.#transport.connection.server} ${what} when asked for ${describeResource(path)}`,
      0,
      'BadAnswer',
      'Check that the server in the kubeconfig is a Kubernetes API server',
    )
  }
}

function writeQuery({ dryRun, fieldManager = FIELD_MANAGER }: WriteOptions): Record<string, string> {
  return { fieldManager, ...(dryRun && { dryRun: 'All' }) }
}

/** Items of a list carry no type of their own; the list's says it: `ApplicationList`. */
function withType(item: KubernetesObject, list: ListAnswer): KubernetesObject {
  const types = {
    ...(list.apiVersion !== undefined && { apiVersion: list.apiVersion }),
    ...(list.kind?.endsWith('List') && { kind: list.kind.slice(0, -'List'.length) }),
  }
  return { ...types, ...item }
}

function asObject(answer: object, path: ResourcePath): KubernetesObject {
  if (isObject(answer)) return answer
  throw new ClusterError(`the answer for ${describeResource(path)} has no metadata`, 0, 'BadAnswer')
}

function isObject(value: unknown): value is KubernetesObject {
  if (typeof value !== 'object' || value === null) return false
  const { metadata } = value as { metadata?: unknown }
  return typeof metadata === 'object' && metadata !== null
}
