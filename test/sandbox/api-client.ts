import { Agent, fetch } from 'undici'
import type { ApiServer } from '../../src/lib/sandbox/api-server.ts'
import type { Json, JsonObject } from '../../src/lib/sandbox/json.ts'

export interface Reply {
  readonly code: number
  readonly body: JsonObject
}

/** Talks to the API server as any HTTP client would. */
export class ApiClient {
  readonly #server: ApiServer
  readonly #agent: Agent
  readonly #token: string

  constructor(server: ApiServer, token = server.token) {
    this.#server = server
    this.#token = token
    this.#agent = new Agent({ connect: { ca: server.certificateAuthority } })
  }

  async send(
    method: string,
    path: string,
    body?: Json | string,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const response = await this.#fetch(method, path, body, headers)
    return { code: response.status, body: (await response.json()) as JsonObject }
  }

  get(path: string, headers?: Record<string, string>): Promise<Reply> {
    return this.send('GET', path, undefined, headers)
  }

  post(path: string, body: Json): Promise<Reply> {
    return this.send('POST', path, body)
  }

  patch(path: string, kind: 'json' | 'merge' | 'strategic-merge' | 'apply', body: Json): Promise<Reply> {
    const type = kind === 'apply' ? 'application/apply-patch+yaml' : `application/${kind}-patch+json`
    return this.send('PATCH', path, body, { 'content-type': type })
  }

  /** Opens a watch; iterate to read events, `return` ends it. */
  async *watch(path: string, headers: Record<string, string> = {}): AsyncGenerator<JsonObject> {
    const response = await this.#fetch('GET', path, undefined, headers)
    let rest = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) yield JSON.parse(line) as JsonObject
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy()
  }

  #fetch(method: string, path: string, body?: Json | string, headers: Record<string, string> = {}) {
    return fetch(new URL(path, this.#server.url), {
      method,
      dispatcher: this.#agent,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  }
}

/** Reads the next `count` events of a watch. */
export async function take(events: AsyncGenerator<JsonObject>, count: number): Promise<JsonObject[]> {
  const taken: JsonObject[] = []
  while (taken.length < count) {
    const { value, done } = await events.next()
    if (done) break
    taken.push(value)
  }
  return taken
}
