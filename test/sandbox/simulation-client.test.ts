import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { selfSignedCertificate } from '../../src/lib/sandbox/certificate.ts'
import { HttpSimulationClient } from '../../src/lib/sandbox/index.ts'

it('tells how long the body of a deletion is, or servers take the body for the next request', async () => {
  const { key, certificate } = selfSignedCertificate()
  const lengths: (string | undefined)[] = []
  const server = createServer({ key, cert: certificate }, async (message, response) => {
    lengths.push(message.headers['content-length'])
    for await (const _ of message);
    response.end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = new HttpSimulationClient({
    server: `https://127.0.0.1:${port}`,
    certificateAuthority: certificate,
  })
  onTestFinished(async () => {
    await client.close()
    server.close()
  })
  await client.remove({ group: '', version: 'v1', resource: 'pods', namespace: 'shop', name: 'web' })
  expect(Number(lengths[0])).toBeGreaterThan(0)
})
