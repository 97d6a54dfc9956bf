import type { IncomingMessage } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import type { KubernetesObject } from '../../application/kubernetes-object.ts'
import { ClusterError, type ListOptions, type WriteOptions } from '../../cluster/client.ts'
import type { ResourcePath } from '../../cluster/resource-path.ts'
import { type Json, listAt, textAt } from '../json.ts'
import type { SimulationClient } from './client.ts'

/** Where an API server is and how to be let in: a token, or a client certificate (PEM). */
export interface ServerAccess {
  readonly server: string
  readonly certificateAuthority: string
  readonly token?: string
  readonly clientCertificate?: string
  readonly clientKey?: string
}

const PAGE_SIZE = 500
/** A handshake costs more than a short wait. */
const MOST_CONNECTIONS = 3
const MANAGER = 'argocd-application-controller'

/** The simulation's own way to an API server: a few verbs over kept-alive TLS connections. */
export class HttpSimulationClient implements SimulationClient {
  readonly #access: ServerAccess
  readonly #agent: Agent
  /** Watches hold their connections; they must not starve the rest. */
  readonly #watchAgent: Agent
  readonly #manager: string

  constructor(access: ServerAccess, manager = MANAGER) {
    this.#access = access
    this.#manager = manager
    const trust = {
      ca: access.certificateAuthority,
      ...(access.clientCertificate ? { cert: access.clientCertificate } : {}),
      ...(access.clientKey ? { key: access.clientKey } : {}),
    }
    this.#agent = new Agent({ ...trust, keepAlive: true, maxSockets: MOST_CONNECTIONS })
    this.#watchAgent = new Agent(trust)
  }

  async list(path: ResourcePath, options: ListOptions = {}): Promise<KubernetesObject[]> {
    const items: KubernetesObject[] = []
    let token = ''
    do {
      const query = new URLSearchParams({ limit: String(options.pageSize ?? PAGE_SIZE) })
      if (token) query.set('continue', token)
      if (options.labelSelector) query.set('labelSelector', options.labelSelector)
      if (options.fieldSelector) query.set('fieldSelector', options.fieldSelector)
      const page = await this.#call('GET', `${urlPath(path)}?${query}`)
      items.push(...(listAt(page, 'items') as unknown as KubernetesObject[]))
      token = textAt(page, 'metadata', 'continue')
    } while (token !== '')
    return items
  }

  create(path: ResourcePath, object: KubernetesObject, options?: WriteOptions): Promise<KubernetesObject> {
    return this.#write('POST', path, 'application/json', object, options)
  }

  mergePatch(path: ResourcePath, patch: unknown, options?: WriteOptions): Promise<KubernetesObject> {
    return this.#write('PATCH', path, 'application/merge-patch+json', patch, options)
  }

  strategicMergePatch(path: ResourcePath, patch: unknown, options?: WriteOptions): Promise<KubernetesObject> {
    return this.#write('PATCH', path, 'application/strategic-merge-patch+json', patch, options)
  }

  async remove(path: ResourcePath): Promise<void> {
    try {
      await this.#call('DELETE', urlPath(path), 'application/json', {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        gracePeriodSeconds: 0,
        propagationPolicy: 'Background',
      })
    } catch (error) {
      if (!(error instanceof ClusterError && error.status === 404)) throw error
    }
  }

  async watch(path: ResourcePath, onChange: () => void, signal: AbortSignal): Promise<void> {
    const response = await this.#send(
      'GET',
      `${urlPath(path)}?watch=true&allowWatchBookmarks=true`,
      '',
      '',
      signal,
    )
    if ((response.statusCode ?? 0) >= 400) {
      response.resume()
      throw new ClusterError(`cannot watch ${path.resource}`, response.statusCode ?? 0, 'WatchFailed')
    }
    for await (const _chunk of response) onChange()
  }

  close(): Promise<void> {
    this.#agent.destroy()
    this.#watchAgent.destroy()
    return Promise.resolve()
  }

  async #write(
    method: string,
    path: ResourcePath,
    contentType: string,
    body: unknown,
    options: WriteOptions = {},
  ): Promise<KubernetesObject> {
    const query = new URLSearchParams({ fieldManager: options.fieldManager ?? this.#manager })
    if (options.dryRun) query.set('dryRun', 'All')
    return (await this.#call(
      method,
      `${urlPath(path)}?${query}`,
      contentType,
      body,
    )) as unknown as KubernetesObject
  }

  async #call(method: string, path: string, contentType = '', body?: unknown): Promise<Json> {
    const response = await this.#send(
      method,
      path,
      contentType,
      body === undefined ? '' : JSON.stringify(body),
    )
    const chunks: Buffer[] = []
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString('utf8')
    const status = response.statusCode ?? 0
    // Of a resource it does not know, an API server says "404 page not found" in plain text.
    const isJson = response.headers['content-type']?.startsWith('application/json') ?? false
    const answer = isJson ? (JSON.parse(text) as Json) : { message: text.trim() }
    if (status >= 400) throw new ClusterError(textAt(answer, 'message'), status, textAt(answer, 'reason'))
    return answer
  }

  #send(
    method: string,
    path: string,
    contentType: string,
    body: string,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = httpsRequest(new URL(path, this.#access.server), {
        method,
        agent: signal ? this.#watchAgent : this.#agent,
        headers: {
          accept: 'application/json',
          // Stated, because Node would send the body of a DELETE without any framing.
          ...(body ? { 'content-length': Buffer.byteLength(body) } : {}),
          ...(contentType ? { 'content-type': contentType } : {}),
          ...(this.#access.token ? { authorization: `Bearer ${this.#access.token}` } : {}),
        },
        ...(signal ? { signal } : {}),
      })
      request.once('response', resolve).once('error', reject)
      request.end(body)
    })
  }
}

/** The path of a collection, object or subresource on an API server. */
function urlPath(path: ResourcePath): string {
  const root = path.group ? `/apis/${path.group}/${path.version}` : `/api/${path.version}`
  const parts = [
    path.namespace ? `namespaces/${path.namespace}` : '',
    path.resource,
    path.name,
    path.subresource,
  ]
  return [root, ...parts.filter((part) => part)].join('/')
}
