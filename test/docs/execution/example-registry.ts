import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { EXAMPLE_CERTIFICATE, EXAMPLE_KEY } from './example-certificate.ts'

/** A proxy behind which every https host is one registry: pages can name ghcr.io. */
export interface ExampleRegistry {
  /** For HTTPS_PROXY. */
  readonly proxy: string
  close(): void
}

/** @param registryHost `127.0.0.1:port` of the registry, on plain http */
export async function openExampleRegistry(registryHost: string): Promise<ExampleRegistry> {
  const sockets = new Set<Socket>()
  const registry = createTlsServer({ cert: EXAMPLE_CERTIFICATE, key: EXAMPLE_KEY }, (message, response) => {
    const onward = request(
      new URL(message.url ?? '/', `http://${registryHost}`),
      { headers: { ...message.headers, host: registryHost }, method: message.method },
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
    const upstream = connect((registry.address() as AddressInfo).port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
  })
  for (const server of [registry, proxy]) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }
  return {
    close: () => {
      proxy.close()
      registry.close()
      for (const socket of sockets) socket.destroy()
    },
    proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  }
}
