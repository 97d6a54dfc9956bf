import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { EXAMPLE_CERTIFICATE, EXAMPLE_KEY } from './example-certificate.ts'

/** Behind which every https host can be named by pages: ghcr.io, git.example.com. */
export interface ExampleHosts {
  /** For HTTPS_PROXY. */
  readonly proxy: string
  close(): void
}

/** @param hostFor `127.0.0.1:port`, on plain http, of what answers for a host and a path; or 200, to take everything, or 401, to want a login */
export async function openExampleHosts(
  hostFor: (host: string, path: string) => string | 200 | 401,
): Promise<ExampleHosts> {
  const sockets = new Set<Socket>()
  const hosts = createTlsServer({ cert: EXAMPLE_CERTIFICATE, key: EXAMPLE_KEY }, (message, response) => {
    const path = message.url ?? '/'
    const host = hostFor(message.headers.host ?? '', path)
    if (typeof host === 'number') {
      message.resume()
      response
        .writeHead(host, host === 401 ? { 'www-authenticate': 'Basic realm="example"' } : {})
        .end('{"errors":[{"code":"UNAUTHORIZED"}]}')
      return
    }
    const onward = request(
      new URL(path, `http://${host}`),
      { headers: { ...message.headers, host }, method: message.method },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    onward.on('error', () => response.destroy())
    message.pipe(onward)
  })
  const proxy = createServer()
  proxy.on('connect', (_, client: Socket) => {
    const upstream = connect((hosts.address() as AddressInfo).port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
  })
  for (const server of [hosts, proxy]) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }
  return {
    close: () => {
      proxy.close()
      hosts.close()
      for (const socket of sockets) socket.destroy()
    },
    proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  }
}
