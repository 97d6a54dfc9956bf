import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ListenAddress, ListenAddressError, listenAddressText } from './listen-address.ts'

/** What is answered at one path. */
export interface Page {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** Pages by path, made anew for each request. */
export type Pages = Readonly<Record<string, () => Page>>

export interface MetricsServer {
  /** `127.0.0.1:8080`, with the port that was found where 0 was asked for. */
  readonly address: string
  close(): Promise<void>
}

/** Bytes; a scraper sends a few hundred. */
const MOST_HEADERS = 8 * 1024
/** Milliseconds to send a request, to take an answer, or to say nothing on a kept connection. */
const SLOWEST = 5_000
/** A few scrapers and probes. */
const MOST_CONNECTIONS = 50

/**
 * Serves a few pages over HTTP, to GET and HEAD only, with small limits: nothing of a request is read but its
 * line and headers, and nothing of it is answered with.
 *
 * @param flag where the address was written, for messages
 * @throws ListenAddressError where the address cannot be had
 */
export async function serveMetrics(
  flag: string,
  address: ListenAddress,
  pages: Pages,
): Promise<MetricsServer> {
  const options = {
    connectionsCheckingInterval: SLOWEST,
    headersTimeout: SLOWEST,
    keepAliveTimeout: SLOWEST,
    maxHeaderSize: MOST_HEADERS,
    requestTimeout: SLOWEST,
  }
  const server = createServer(options, (request, response) => answer(request, response, pages))
  server.maxConnections = MOST_CONNECTIONS
  server.setTimeout(SLOWEST)
  try {
    server.listen(address)
    await once(server, 'listening')
  } catch (error) {
    throw explained(flag, address, error as NodeJS.ErrnoException)
  }
  const { port } = server.address() as AddressInfo
  return {
    address: listenAddressText({ ...address, port }),
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function answer(request: IncomingMessage, response: ServerResponse, pages: Pages): void {
  const { headers, method = '', url = '' } = request
  // A body, which no reader sends, is not waited for.
  if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) {
    response.shouldKeepAlive = false
  }
  const [path = ''] = url.split('?', 1)
  const page = method === 'GET' || method === 'HEAD' ? pageAt(pages, path) : NOT_ALLOWED
  response.writeHead(page.status, {
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(page.body),
    'content-type': page.type,
    'x-content-type-options': 'nosniff',
    ...(page === NOT_ALLOWED && { allow: 'GET, HEAD' }),
  })
  response.end(method === 'HEAD' ? undefined : page.body)
}

function pageAt(pages: Pages, path: string): Page {
  return Object.hasOwn(pages, path) ? (pages[path]?.() ?? NOT_FOUND) : NOT_FOUND
}

const NOT_FOUND: Page = { body: 'not found\n', status: 404, type: 'text/plain; charset=utf-8' }
const NOT_ALLOWED: Page = { body: 'only GET and HEAD\n', status: 405, type: 'text/plain; charset=utf-8' }

function explained(flag: string, address: ListenAddress, error: NodeJS.ErrnoException): Error {
  const where = `${flag} ${listenAddressText(address)}`
  switch (error.code) {
    case 'EADDRINUSE':
      return new ListenAddressError(`${where} is taken by another program`, 'Choose another port')
    case 'EADDRNOTAVAIL':
      return new ListenAddressError(
        `${where} is no address of this machine`,
        'Write :PORT for all of its addresses',
      )
    case 'EACCES':
      return new ListenAddressError(`${where} is not for this user to listen at`, 'Choose a port above 1023')
    default:
      return new ListenAddressError(`${where} cannot be listened at (${error.code ?? error.message})`, '', {
        cause: error,
      })
  }
}
