import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { ProviderName } from '../../src/lib/pull-requests/choose-provider.ts'
import { emptyState, type ForgeState } from './forge-state.ts'

export const TOKEN = 'S3CR3T-token'

export interface DoubleRequest {
  readonly method: string
  /** As it was sent, percent-encoded. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

export interface DoubleAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** One published operation: what may be sent, and what is answered. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  readonly path: RegExp
  /** JSON Schemas of single query parameters; no others are published. */
  readonly query?: Readonly<Record<string, object>>
  readonly requiredQuery?: readonly string[]
  /** JSON Schema of the body. */
  readonly body?: object
  answer(request: DoubleRequest, ...groups: string[]): DoubleAnswer
}

/** How one service speaks. */
export interface Service {
  readonly provider: ProviderName
  readonly authorization: string
  /** Headers that every request must have. */
  readonly headers: Readonly<Record<string, RegExp>>
  /** @param host `127.0.0.1:PORT` */
  repositoryUrl(host: string): string
  /** Where the API is not derived from the repository's URL. */
  api?(host: string): string
  operations(state: ForgeState, origin: string): readonly Operation[]
  /** The answer to somebody who may not write. */
  readonly forbidden: DoubleAnswer
  /** The answer to somebody who asks too often. */
  limited(seconds: number, now: number): DoubleAnswer
  /** The answer to a wrong token. */
  readonly unauthorized: DoubleAnswer
  readonly notFound: DoubleAnswer
}

export interface ServiceDouble {
  readonly service: Service
  readonly host: string
  readonly repositoryUrl: string
  readonly api: string | undefined
  readonly state: ForgeState
  readonly requests: DoubleRequest[]
  readonly operations: readonly Operation[]
  /** All requests that change something, as `METHOD path`. */
  writes(): string[]
  /** Answers instead of the service, or lets it answer by returning undefined. */
  intercept: (request: DoubleRequest) => DoubleAnswer | undefined
  /** What in the requests was not as published. */
  readonly violations: readonly string[]
  close(): void
}

/**
 * Starts a service on loopback.
 *
 * @param origin in the links of its answers; default its own
 */
export async function openDouble(service: Service, origin?: string): Promise<ServiceDouble> {
  const state = emptyState()
  const requests: DoubleRequest[] = []
  const violations: string[] = []
  let operations: readonly Operation[] = []
  const server = createServer(async (message, response) => {
    const request = await readRequest(message)
    requests.push(request)
    const answer = double.intercept(request) ?? respond(service, operations, request, violations)
    const text = answer.body === undefined ? '' : JSON.stringify(answer.body)
    response
      .writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8', ...answer.headers })
      .end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  operations = service.operations(state, origin ?? `http://${host}`)
  const double: ServiceDouble = {
    service,
    host,
    repositoryUrl: service.repositoryUrl(host),
    api: service.api?.(host),
    state,
    requests,
    operations,
    writes: () =>
      requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`),
    intercept: () => undefined,
    violations,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
  return double
}

const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false })

function respond(
  service: Service,
  operations: readonly Operation[],
  request: DoubleRequest,
  violations: string[],
): DoubleAnswer {
  const { method, path, headers, query, body } = request
  const violation = (what: string): DoubleAnswer => {
    violations.push(`${method} ${path}: ${what}`)
    return { status: 400, body: { message: what } }
  }
  if (headers.authorization !== service.authorization) return service.unauthorized
  for (const [name, pattern] of Object.entries(service.headers)) {
    if (!pattern.test(String(headers[name] ?? ''))) return violation(`header ${name}: ${headers[name]}`)
  }
  if (!headers['user-agent']) return violation('no user-agent')
  const operation = operations.find((each) => each.method === method && each.path.test(path))
  if (operation === undefined) return violation('no such operation')
  for (const [name, value] of query) {
    const schema = operation.query?.[name]
    if (schema === undefined) return violation(`query ${name} is not published`)
    if (!ajv.validate(schema, value)) return violation(`query ${name}: ${ajv.errorsText()}`)
  }
  for (const name of operation.requiredQuery ?? []) {
    if (!query.has(name)) return violation(`query ${name} is missing`)
  }
  if (operation.body === undefined && body !== undefined) return violation('takes no body')
  if (operation.body !== undefined) {
    if (!/^application\/json\b/.test(headers['content-type'] ?? '')) return violation('content-type')
    if (!ajv.validate(operation.body, body)) return violation(ajv.errorsText())
  }
  return operation.answer(request, ...(operation.path.exec(path)?.slice(1) ?? []))
}

async function readRequest(message: IncomingMessage): Promise<DoubleRequest> {
  const pieces: Buffer[] = []
  for await (const piece of message) pieces.push(piece as Buffer)
  const text = Buffer.concat(pieces).toString('utf8')
  const url = new URL(message.url ?? '/', 'http://double')
  return {
    method: message.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: message.headers,
    body: text === '' ? undefined : JSON.parse(text),
  }
}

/** An object of these members; those in `required` must be there, and no others than these may be. */
export function object(properties: Readonly<Record<string, object>>, ...required: string[]): object {
  return { type: 'object', properties, required, additionalProperties: false }
}

export const STRING = { type: 'string' }
export const TEXT = { type: 'string', minLength: 1 }
export const BOOLEAN = { type: 'boolean' }
export const STRINGS = { type: 'array', items: STRING }
/** Query parameters are text. */
export const PAGE_NUMBER = { type: 'string', pattern: '^[1-9][0-9]*$' }

/** One page, with the Link header that GitHub, GitLab and Gitea have. */
export function linkedPage(
  items: readonly unknown[],
  { query, path }: DoubleRequest,
  sizeName: string,
  most: number,
): DoubleAnswer {
  const size = Math.min(Number(query.get(sizeName) ?? 20), most)
  const page = Number(query.get('page') ?? 1)
  const next = new URLSearchParams(query)
  next.set('page', String(page + 1))
  const more = items.length > page * size
  return {
    status: 200,
    headers: more ? { link: `<https://elsewhere.example${path}?${next}>; rel="next"` } : {},
    body: items.slice((page - 1) * size, page * size),
  }
}
