import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Dispatcher } from 'undici'
import { AnswerTooLargeError, readText } from './answer-body.ts'
import { bodyJson } from './body-json.ts'
import { ClusterError } from './client.ts'
import type { Connection } from './connection.ts'
import type { Surroundings } from './connection-flags.ts'
import type { Credential, CredentialSource } from './credential.ts'
import { createDispatcher } from './dispatcher.ts'
import { impersonationHeaders } from './impersonation-headers.ts'
import { retryDelay } from './retry.ts'
import { errorCode, unreachable } from './unreachable.ts'
import { warningTexts } from './warning-header.ts'

/** One request to the API server. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT'
  /** Absolute path below the server's base path. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly body?: unknown
  readonly contentType?: string
  readonly signal?: AbortSignal | undefined
  /** A watch lasts: `--request-timeout` and retries are the caller's matter. */
  readonly stream?: boolean
}

/** What `-v` shows of a request: never headers or bodies, which may hold secrets. */
export interface RequestLogEntry {
  readonly method: string
  readonly url: string
  /** 0 when there was no answer. */
  readonly status: number
  readonly milliseconds: number
}

export interface TransportOptions {
  readonly userAgent: string
  readonly env: Surroundings['env']
  readonly log?: ((entry: RequestLogEntry) => void) | undefined
  /** Ends every request, for Ctrl-C. */
  readonly signal?: AbortSignal | undefined
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>
}

type Pool = { readonly dispatcher: Promise<Dispatcher>; readonly certificate: string }

/**
 * HTTP to one API server over one pool of kept-alive connections: adds credentials and impersonation, tries
 * again where that is safe, asks for new credentials once after a 401, follows no redirect, collects
 * warnings. Knows nothing of Kubernetes objects.
 */
export class ApiTransport {
  readonly connection: Connection
  readonly warnings = new Set<string>()
  readonly #credentials: CredentialSource
  readonly #options: TransportOptions
  readonly #url: URL
  #pool: Pool | undefined

  constructor(connection: Connection, credentials: CredentialSource, options: TransportOptions) {
    this.connection = connection
    this.#credentials = credentials
    this.#options = options
    this.#url = new URL(connection.server)
  }

  /**
   * Sends a request and reads the whole answer, whatever its status.
   *
   * @returns `date`: the server's clock as its Date header tells it, '' where there is none.
   * @throws ClusterError with reason `Unreachable` when no answer came, `AnswerTooLarge` when it is absurd.
   */
  async send(request: ApiRequest): Promise<{ status: number; text: string; date: string }> {
    for (let attempt = 1, renewed = false; ; attempt++) {
      const outcome = await this.#attempt(request)
      if ('status' in outcome && outcome.status === 401 && !renewed) {
        renewed = true
        if (this.#credentials.reject(outcome.credential)) continue
      }
      const delay = retryDelay({ method: request.method, ...outcome }, attempt, Math.random())
      if (delay !== undefined) await this.#wait(delay, request.signal)
      else if ('error' in outcome) throw outcome.error
      else return outcome
    }
  }

  /** Sends a request whose answer is read piece by piece; the caller must read or destroy its body. */
  async open(request: ApiRequest): Promise<Dispatcher.ResponseData> {
    const credential = await this.#credentials.current()
    const answer = await this.#dispatch(request, credential, request.signal)
    if (answer.statusCode !== 401 || !this.#credentials.reject(credential)) return answer
    await answer.body.dump()
    return this.#dispatch(request, await this.#credentials.current(), request.signal)
  }

  async close(): Promise<void> {
    const pool = this.#pool
    this.#pool = undefined
    const dispatcher = await pool?.dispatcher.catch(() => undefined)
    await dispatcher?.destroy()
  }

  async #attempt(request: ApiRequest) {
    const credential = await this.#credentials.current()
    const limits = [request.signal, this.#options.signal].filter((signal) => signal !== undefined)
    const { requestTimeout } = this.connection
    if (requestTimeout > 0) limits.push(AbortSignal.timeout(requestTimeout))
    const signal = limits.length > 0 ? AbortSignal.any(limits) : undefined
    try {
      const answer = await this.#dispatch(request, credential, signal)
      const text = await readText(answer)
      // undici marks the connection as free one turn later; a request sent before that would open another.
      await nextTurn()
      const retryAfter = [answer.headers['retry-after']].flat()[0]
      const date = [answer.headers.date].flat()[0] ?? ''
      return { status: answer.statusCode, text, date, retryAfter, credential }
    } catch (error) {
      this.#options.signal?.throwIfAborted()
      request.signal?.throwIfAborted()
      return {
        status: 0,
        code: errorCode(error),
        credential,
        date: '',
        text: '',
        error: this.#explain(error),
      }
    }
  }

  async #dispatch(request: ApiRequest, credential: Credential, signal: AbortSignal | undefined) {
    const dispatcher = await this.#connect(credential)
    const path = this.#url.pathname.replace(/\/$/, '') + request.path + queryText(request.query)
    const started = performance.now()
    const log = (status: number) =>
      this.#options.log?.({
        method: request.method,
        url: this.#url.origin + path,
        status,
        milliseconds: Math.round(performance.now() - started),
      })
    try {
      const answer = await dispatcher.request({
        origin: this.#url.origin,
        path,
        method: request.method,
        headers: this.#headers(request, credential),
        body: request.body === undefined ? null : bodyJson(request.body),
        signal: signal ?? null,
        ...(request.stream && { bodyTimeout: 0 }),
      })
      log(answer.statusCode)
      for (const text of warningTexts(answer.headers['warning'])) this.warnings.add(text)
      return answer
    } catch (error) {
      log(0)
      throw error
    }
  }

  #headers(request: ApiRequest, credential: Credential): Record<string, string | string[]> {
    return {
      accept: 'application/json',
      'accept-encoding': this.connection.cluster.disableCompression ? 'identity' : 'gzip',
      'user-agent': this.#options.userAgent,
      ...(request.body !== undefined && { 'content-type': request.contentType ?? 'application/json' }),
      ...(credential.authorization && { authorization: credential.authorization }),
      ...impersonationHeaders(this.connection.user.impersonation),
    }
  }

  /** The pool; a new one when a plugin returned another client certificate, which belongs to the connection. */
  #connect(credential: Credential): Promise<Dispatcher> {
    const { certificate } = credential
    if (this.#pool?.certificate === certificate) return this.#pool.dispatcher
    // Requests under way on the old pool finish; nobody waits for them here.
    this.#pool?.dispatcher.then((old) => old.close()).catch(() => undefined)
    const dispatcher = createDispatcher(this.connection, credential, this.#options.env)
    this.#pool = { certificate, dispatcher }
    return dispatcher
  }

  #explain(error: unknown): Error {
    if (error instanceof AnswerTooLargeError) {
      return new ClusterError(
        `the API server ${this.connection.server} sent ${error.message}: given up`,
        0,
        'AnswerTooLarge',
        'Narrow the selection with -n or -l',
        { cause: error },
      )
    }
    return unreachable(this.connection, error)
  }

  async #wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    const signals = [signal, this.#options.signal].filter((one) => one !== undefined)
    const any = AbortSignal.any(signals)
    if (this.#options.wait) return this.#options.wait(milliseconds, any)
    await sleep(milliseconds, undefined, { signal: any })
  }
}

function queryText(query: ApiRequest['query']): string {
  const pairs = Object.entries(query ?? {}).filter((pair): pair is [string, string] => Boolean(pair[1]))
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`
}
