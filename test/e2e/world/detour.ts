import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, request as httpsRequest } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { selfSignedCertificate } from '../../../src/lib/sandbox/certificate.ts'
import type { ServerAccess } from '../../../src/lib/sandbox/index.ts'

/** An answer given in the place of the server. */
export interface Substitute {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/**
 * Sees every request as `GET /v2/web/tags/list` before it is passed on; what it returns is sent instead. It is not
 * passed on once whoever asked has gone, which `gone` tells.
 */
export type Interceptor = (
  line: string,
  gone: Promise<void>,
) => Promise<Substitute | undefined> | Substitute | undefined

/**
 * A way to a server that can be cut and at which one can wait: for outages and for edits between two requests,
 * the same for every kind of server.
 */
export interface Detour {
  /** `127.0.0.1:port`; stays when the detour was down. */
  readonly host: string
  /** PEM to trust; '' for plain HTTP. */
  readonly certificateAuthority: string
  /** Every request so far. */
  readonly requests: readonly string[]
  intercept: Interceptor
  /** Cuts all connections and refuses new ones. */
  down(): Promise<void>
  up(): Promise<void>
  close(): Promise<void>
}

/** A kept one may be closed by the server just as a write goes out on it, which nobody may repeat. */
const OWN_CONNECTION = { agent: false } as const

/** To a registry on plain HTTP. */
export function registryDetour(host: string): Promise<Detour> {
  return openDetour(undefined, (path, { method, headers }) =>
    httpRequest(new URL(path, `http://${host}`), {
      ...OWN_CONNECTION,
      method,
      headers: { ...headers, host },
    }),
  )
}

/** To an API server, with full access for whoever comes along. */
export function apiDetour(access: ServerAccess): Promise<Detour> {
  const { host } = new URL(access.server)
  return openDetour(selfSignedCertificate(), (path, { method, headers: { authorization: _, ...headers } }) =>
    httpsRequest(new URL(path, access.server), {
      ...OWN_CONNECTION,
      method,
      ca: access.certificateAuthority,
      ...(access.clientCertificate && { cert: access.clientCertificate, key: access.clientKey }),
      headers: { ...headers, host, ...(access.token && { authorization: `Bearer ${access.token}` }) },
    }),
  )
}

type Forward = (path: string, message: IncomingMessage) => ReturnType<typeof httpRequest>

async function openDetour(
  tls: { readonly key: string; readonly certificate: string } | undefined,
  forward: Forward,
): Promise<Detour> {
  const requests: string[] = []
  const sockets = new Set<Socket>()
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = message.url ?? '/'
    const line = `${message.method} ${path}`
    requests.push(line)
    const gone = new Promise<void>((resolve) => response.once('close', resolve))
    const substitute = await detour.intercept(line, gone)
    if (response.closed) return
    if (substitute) {
      response.writeHead(substitute.status, { 'content-type': 'application/json', ...substitute.headers })
      response.end(substitute.body ?? '')
      return
    }
    const onward = forward(path, message)
    response.once('close', () => onward.destroy())
    onward.once('error', () => response.destroy())
    onward.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.once('error', () => response.destroy())
      answer.pipe(response)
    })
    message.pipe(onward)
  }
  const listener = (message: IncomingMessage, response: ServerResponse) => {
    handle(message, response).catch(() => response.destroy())
  }
  const server = tls
    ? createTlsServer({ key: tls.key, cert: tls.certificate }, listener)
    : createServer(listener)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const down = async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  const port = await listen(0)
  const detour: Detour = {
    host: `127.0.0.1:${port}`,
    certificateAuthority: tls?.certificate ?? '',
    requests,
    intercept: () => undefined,
    down,
    up: async () => {
      await listen(port)
    },
    close: async () => {
      if (server.listening) await down()
    },
  }
  return detour
}
