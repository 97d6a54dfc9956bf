import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { connectProxy } from '../cluster/proxies.ts'
import { temporaryFolder } from '../cluster/temporary-folder.ts'
import { TEST_CERTIFICATE, TEST_KEY } from '../registry/test-certificate.ts'
import { operatorEnvironment, startPlugin } from './world/plugin.ts'

/** A registry over TLS with an authority of its own, which knows tags and no manifests. */
async function startRegistry() {
  const requests: string[] = []
  const server = createServer({ cert: TEST_CERTIFICATE, key: TEST_KEY }, ({ url }, response) => {
    requests.push(url ?? '')
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ name: 'org/web', tags: ['1.0.0', '1.1.0'] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

async function tags(host: string, env: Readonly<Record<string, string>>) {
  const home = await temporaryFolder({ 'authority.pem': TEST_CERTIFICATE })
  const trusted = { NODE_EXTRA_CA_CERTS: join(home, 'authority.pem') }
  return startPlugin(['tags', `${host}/org/web`, '--allow-registry', host], {
    env: { ...operatorEnvironment(home, ''), ...trusted, ...env },
  }).finished
}

it('a registry is trusted by the authorities in NODE_EXTRA_CA_CERTS', async () => {
  const { host } = await startRegistry()
  expect((await tags(host, {})).stdout).toContain('1.1.0')
})

it('a registry of an unknown authority is asked nothing', async () => {
  const { host, requests } = await startRegistry()
  const { code, stderr } = await tags(host, { NODE_EXTRA_CA_CERTS: '' })
  expect(stderr).toMatch(/^error: .*certificate/)
  expect(code).toBe(1)
  expect(requests).toEqual([])
})

it('a registry is reached by HTTPS_PROXY, but not when NO_PROXY names it', async () => {
  const { host, requests } = await startRegistry()
  const proxy = await connectProxy()
  const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }
  expect((await tags(host, env)).stdout).toContain('1.1.0')
  expect(proxy.tunnels).toContain(host)
  const tunnels = proxy.tunnels.length
  expect((await tags(host, { ...env, NO_PROXY: '127.0.0.1' })).stdout).toContain('1.1.0')
  expect(proxy.tunnels).toHaveLength(tunnels)
  expect(requests.length).toBeGreaterThan(1)
})
