import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import path from 'node:path'
import type { TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly rawHeaders: readonly string[]
  readonly body: string
  /** Common name of the client's certificate; '' without one. */
  readonly clientName: string
}

/** What to answer: an object as JSON, or with full control. */
export type Answer =
  | object
  | { status: number; json?: unknown; text?: string; headers?: Record<string, string | string[]> }
  | ((response: ServerResponse) => void)

export interface TestApiServer {
  readonly url: string
  readonly requests: SeenRequest[]
  /** Connections opened so far. */
  connections(): number
}

export const fixture = (name: string) => path.join(import.meta.dirname, 'fixtures', name)

/**
 * An HTTP(S) server on loopback whose answers the test writes; closed when the test ends. It is real on
 * the wire (TLS, client certificates, keep-alive) but knows nothing of Kubernetes.
 */
export async function testApiServer(
  answer: (request: SeenRequest, count: number) => Answer,
  options: { tls?: boolean; clientCertificates?: boolean } = {},
): Promise<TestApiServer> {
  const requests: SeenRequest[] = []
  const listener: RequestListener = async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const certificate = options.tls ? (request.socket as TLSSocket).getPeerCertificate() : undefined
    const seen: SeenRequest = {
      method: request.method ?? '',
      url: new URL(request.url ?? '', 'http://server'),
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body,
      clientName: String(certificate?.subject?.CN ?? ''),
    }
    requests.push(seen)
    reply(response, answer(seen, requests.length))
  }
  const server = options.tls
    ? createTlsServer(
        {
          cert: readFileSync(fixture('server.pem')),
          key: readFileSync(fixture('server.key.pem')),
          ca: readFileSync(fixture('authority.pem')),
          requestCert: options.clientCertificates ?? false,
          rejectUnauthorized: false,
        },
        listener,
      )
    : createServer(listener)
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    connections: () => sockets.size,
  }
}

/** A metav1.Status, as API servers answer failures. */
export function status(code: number, reason: string, message: string, details: object = {}): Answer {
  return {
    status: code,
    json: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message, details },
  }
}

function reply(response: ServerResponse, answer: Answer): void {
  if (typeof answer === 'function') {
    answer(response)
    return
  }
  const full = 'status' in answer && typeof answer.status === 'number'
  const {
    status: code,
    json,
    text,
    headers,
  } = (full ? answer : { status: 200, json: answer }) as {
    status: number
    json?: unknown
    text?: string
    headers?: Record<string, string | string[]>
  }
  response.writeHead(code, {
    'content-type': text === undefined ? 'application/json' : 'text/plain',
    ...headers,
  })
  response.end(text ?? JSON.stringify(json))
}
