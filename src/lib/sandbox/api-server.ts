import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { ALLOW_ALL, type Authorize, USER } from './api/authorize.ts'
import { readObject } from './api/body.ts'
import {
  coreVersions,
  groupList,
  openApiDocument,
  openApiIndex,
  resourceList,
  VERSION,
} from './api/discovery.ts'
import { ObjectStore } from './api/object-store.ts'
import { readTarget } from './api/request-target.ts'
import { checkAccess, handleResource, type ResourceRequest, render, verbOf } from './api/resource-handler.ts'
import { accessReview, selfReview } from './api/review.ts'
import { ApiStatusError, methodNotAllowed, unauthorized } from './api/status.ts'
import { startWatch, type Watch } from './api/watch.ts'
import { selfSignedCertificate } from './certificate.ts'
import type { JsonObject } from './json.ts'

export interface ApiServerOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number
  /** Default: a random one. */
  readonly token?: string
  /** Default: everything is allowed. */
  readonly authorize?: Authorize
  /** Changes kept for watches and pages; default 5000. */
  readonly historyLimit?: number
  /**
   * Called with `GET /api/v1/pods?…` before a request is handled, so that a test can change something in
   * between; a thrown ApiStatusError is the answer.
   */
  readonly onRequest?: (line: string) => void | Promise<void>
}

/** A Kubernetes API on loopback. */
export interface ApiServer {
  readonly url: string
  readonly port: number
  readonly token: string
  /** PEM of the authority to trust. */
  readonly certificateAuthority: string
  readonly store: ObjectStore
  /** Sends a bookmark to every watch that asked for them. */
  bookmark(): void
  close(): Promise<void>
}

const BOOKMARK_INTERVAL = 60_000
const WATCH_TIMEOUT = 1800

/**
 * Starts the embedded API server on 127.0.0.1, over TLS with a certificate of its own.
 * @throws Error when the port cannot be had.
 */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const { key, certificate } = selfSignedCertificate()
  const token = options.token ?? randomBytes(24).toString('base64url')
  const store = new ObjectStore(options.historyLimit)
  const authorize = options.authorize ?? ALLOW_ALL
  const watches = new Set<Watch>()

  const server = createServer({ key, cert: certificate }, (message, response) => {
    answer(message, response).catch((error: unknown) => sendError(response, error))
  })

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? '/', 'https://sandbox')
    if (!sameToken(message.headers.authorization ?? '', `Bearer ${token}`)) throw unauthorized()
    await options.onRequest?.(`${message.method} ${url.pathname}${url.search}`)
    const fixed = await fixedAnswer(message, url.pathname, authorize)
    if (fixed) return send(response, fixed.code, fixed.body)
    if (url.pathname === '/openapi/v2') return sendEmptySchema(response)
    if (/^\/(?:healthz|livez|readyz)$/.test(url.pathname)) return sendText(response, 200, 'ok')
    if (!/^\/apis?\//.test(url.pathname)) return sendText(response, 404, '404 page not found\n')
    const target = readTarget(url.pathname)
    const request = { target, query: url.searchParams, message, now: new Date() }
    const verb = verbOf(request)
    checkAccess(request, verb, authorize)
    if (verb === 'watch') return watch(request, response)
    const { code, body } = await handleResource(store, request, verb)
    send(response, code, body)
  }

  function watch(request: ResourceRequest, response: ServerResponse): void {
    const { target, query } = request
    const seconds = Number(query.get('timeoutSeconds') ?? 0) || WATCH_TIMEOUT
    let ended = false
    let running: Watch | undefined
    const end = (): void => {
      ended = true
      clearTimeout(timeout)
      if (running) watches.delete(running)
      running?.stop()
      response.end()
    }
    const timeout = setTimeout(() => {
      running?.bookmark()
      end()
    }, seconds * 1000)
    response.on('close', end)
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache' })
    response.flushHeaders()
    running = startWatch(store, target.type, target.namespace, target.name, query, {
      render: (object) => render({ ...request, now: new Date() }, object),
      send: (event) => response.write(`${JSON.stringify(event)}\n`),
      end,
    })
    if (!ended) watches.add(running)
  }

  const bookmark = (): void => {
    for (const running of watches) running.bookmark()
  }
  const bookmarks = setInterval(bookmark, BOOKMARK_INTERVAL).unref()

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    token,
    certificateAuthority: certificate,
    store,
    bookmark,
    close: () =>
      new Promise((resolve) => {
        clearInterval(bookmarks)
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Answers that do not depend on what is stored: discovery, OpenAPI and reviews. */
async function fixedAnswer(
  message: IncomingMessage,
  pathname: string,
  authorize: Authorize,
): Promise<{ code: number; body: JsonObject } | undefined> {
  const path = pathname.replace(/\/$/, '')
  const review = /^\/apis\/(?:authorization|authentication)\.k8s\.io\/v1\/(selfsubject\w+)$/.exec(path)
  if (review) {
    if (message.method !== 'POST') throw methodNotAllowed()
    const body = await readObject(message)
    if (review[1] === 'selfsubjectaccessreviews') return { code: 201, body: accessReview(body, authorize) }
    if (review[1] === 'selfsubjectreviews') return { code: 201, body: selfReview(USER) }
  }
  const body = message.method === 'GET' ? discovery(path) : undefined
  return body && { code: 200, body }
}

function discovery(path: string): JsonObject | undefined {
  if (path === '/version') return VERSION
  if (path === '/api') return coreVersions()
  if (path === '/apis') return groupList()
  if (path === '/openapi/v3') return openApiIndex()
  const schema = /^\/openapi\/v3\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path)
  if (schema) return openApiDocument(schema[1] ?? '', schema[2] ?? '')
  const list = /^\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path)
  return list ? resourceList(list[1] ?? '', list[2] ?? '') : undefined
}

function sameToken(given: string, wanted: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(wanted))
}

function send(response: ServerResponse, code: number, body: JsonObject): void {
  const text = Buffer.from(`${JSON.stringify(body)}\n`)
  response.writeHead(code, { 'content-type': 'application/json', 'content-length': text.length }).end(text)
}

function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' }).end(text)
}

/**
 * The schema that kubectl wants for objects in a List, which it checks itself. It leaves alone what the schema does
 * not name; of the form that it takes, this is an empty message. The server checks fields as ever.
 */
function sendEmptySchema(response: ServerResponse): void {
  response
    .writeHead(200, { 'content-type': 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf' })
    .end()
}

function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const status =
    error instanceof ApiStatusError
      ? error
      : new ApiStatusError(500, 'InternalError', `Internal error occurred: ${String(error)}`)
  send(response, status.code, status.toJSON())
}
