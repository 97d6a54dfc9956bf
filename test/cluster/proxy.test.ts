import { describe, expect, it } from 'vitest'
import { fixture, testApiServer } from './api-server.ts'
import { openTestCluster } from './open-test-cluster.ts'
import { connectProxy, socksProxy } from './proxies.ts'
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
