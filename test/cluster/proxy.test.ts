import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fixture, testApiServer } from './api-server.ts'
import { openTestCluster } from './open-test-cluster.ts'
import { temporaryFolder } from './temporary-folder.ts'

const found = { kind: 'Pod', metadata: { name: 'p' } }
const pod = { group: '', version: 'v1', resource: 'pods', namespace: 'a', name: 'p' }

describe('proxy-url', () => {
  it.each([
    ['http', connectProxy],
    ['socks5', socksProxy],
  ])('%s: the proxy tunnels, and sees neither request nor credentials', async (scheme, startProxy) => {
    const server = await testApiServer(() => found, { tls: true })
    const proxy = await startProxy()
    const kubeconfig = await kubeconfigFor(server.url, `${scheme}://127.0.0.1:${proxy.port}`)
    const client = await openTestCluster({ kubeconfig, token: 'secret' })
    await expect(client.get(pod)).resolves.toEqual(found)
    await expect(client.get(pod)).resolves.toEqual(found)
    expect(server.requests[0]?.headers.authorization).toBe('Bearer secret')
    expect(proxy.tunnels).toEqual([new URL(server.url).host])
    expect(server.connections()).toBe(1)
  })

  it('that does not answer is an error naming the API server', async () => {
    const kubeconfig = await kubeconfigFor('https://api.test', 'http://127.0.0.1:1')
    const client = await openTestCluster({ kubeconfig })
    await expect(client.get(pod)).rejects.toThrow(
      /cannot reach the API server https:\/\/api\.test of context x/,
    )
  })
})

/** An HTTP proxy that knows CONNECT. */
async function connectProxy() {
  const tunnels: string[] = []
  const server = createServer()
  server.on('connect', (request, client) => {
    tunnels.push(request.url ?? '')
    const { hostname, port } = new URL(`http://${request.url}`)
    const upstream = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
    client.on('error', () => upstream.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, tunnels }
}

/** A SOCKS5 proxy (RFC 1928) without authentication, for IPv4 destinations. */
async function socksProxy() {
  const tunnels: string[] = []
  const server = createTcpServer((client) => {
    client.on('error', () => undefined)
    client.once('data', () => {
      client.write(Buffer.from([5, 0]))
      client.once('data', (request: Buffer) => {
        const host = [...request.subarray(4, 8)].join('.')
        const port = request.readUInt16BE(8)
        tunnels.push(`${host}:${port}`)
        const upstream = connect(port, host, () => {
          client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
          upstream.pipe(client).pipe(upstream)
        })
        upstream.on('error', () => client.destroy())
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, tunnels }
}

async function kubeconfigFor(server: string, proxy: string): Promise<string> {
  const config = {
    'current-context': 'x',
    clusters: [
      {
        name: 'c',
        cluster: { server, 'proxy-url': proxy, 'certificate-authority': fixture('authority.pem') },
      },
    ],
    contexts: [{ name: 'x', context: { cluster: 'c' } }],
  }
  return `${await temporaryFolder({ config: JSON.stringify(config) })}/config`
}
