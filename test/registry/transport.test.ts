import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bounded } from '../../src/lib/registry/bounded.ts'
import { openTransport } from '../../src/lib/registry/transport.ts'
import { FakeClock } from './fake-clock.ts'
import { open, server } from './opened.ts'
import { json } from './scripted-server.ts'
import { TEST_CERTIFICATE, TEST_KEY } from './test-certificate.ts'

async function tlsRegistry(): Promise<string> {
  const registry = createTlsServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, (_, response) =>
    json(response, 200, { tags: ['a'] }),
  )
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    registry.close()
    registry.closeAllConnections()
  })
  return `127.0.0.1:${(registry.address() as AddressInfo).port}`
}

/** A server that does this with each connection, in no protocol at all. */
async function rawServer(
  greet: (write: (text: string) => void, hangUp: () => void) => void,
): Promise<string> {
  const raw = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () =>
      greet(
        (text) => socket.write(text),
        () => socket.destroy(),
      ),
    )
  })
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void raw.close())
  return `127.0.0.1:${(raw.address() as AddressInfo).port}`
}

describe('TLS', () => {
  it('an unknown certificate authority is one clear line with a remedy', async () => {
    const host = await tlsRegistry()
    const { access, image } = open([host], { plainHttpHosts: [], allowedHosts: [host] })
    await expect(access.listTags(image())).rejects.toMatchObject({
      kind: 'tls',
      message: `${host}: cannot list the tags of org/app: the certificate of ${host} is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)`,
      remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    })
  })

  it("a certificate authority of the operator's own is trusted for its host", async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ca-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    const file = join(directory, 'ca.pem')
    await writeFile(file, TEST_CERTIFICATE)
    const host = await tlsRegistry()
    const options = { plainHttpHosts: [], allowedHosts: ['127.0.0.1'], caFiles: { [host]: file } }
    const { access, image } = open([host], options)
    expect((await access.listTags(image())).tags).toEqual([{ tag: 'a' }])
    const other = await tlsRegistry()
    await expect(access.listTags({ ...image(), registry: other })).rejects.toMatchObject({ kind: 'tls' })
  })

  it('a certificate authority file that is missing is named', async () => {
    const host = await tlsRegistry()
    const options = { plainHttpHosts: [], allowedHosts: [host], caFiles: { [host]: '/nonexistent/ca.pem' } }
    const { access, image } = open([host], options)
    await expect(access.listTags(image())).rejects.toMatchObject({
      kind: 'tls',
      message: expect.stringContaining('/nonexistent/ca.pem cannot be read'),
    })
  })
})

describe('what is no registry', () => {
  it('nothing listening is unreachable', async () => {
    const { access, image } = open(['127.0.0.1:1'])
    await expect(access.listTags(image())).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })

  it('another protocol is malformed', async () => {
    const host = await rawServer((write) => write('SSH-2.0-OpenSSH_9.9\r\n'))
    const { access, image } = open([host])
    await expect(access.listTags(image())).rejects.toMatchObject({ kind: 'malformed' })
  })

  it('a connection that breaks off in the middle of an answer is unreachable', async () => {
    const host = await rawServer((write, hangUp) => {
      write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"tags":')
      hangUp()
    })
    const { access, image } = open([host])
    await expect(access.listTags(image())).rejects.toMatchObject({ kind: 'unreachable' })
  })

  it.each([
    ['says nothing', () => {}],
    [
      'stops in the middle',
      (write: (text: string) => void) => write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{'),
    ],
  ])('one that %s is given up', async (_, greet) => {
    const host = await rawServer(greet)
    const transport = openTransport({
      env: {},
      userAgent: 'test',
      rules: { allowedHosts: [], plainHttpHosts: [] },
      timeouts: { connect: 10_000, headers: 30, body: 30 },
      tls: [],
      onRequest: () => {},
    })
    onTestFinished(() => transport.close())
    const subject = { registry: host, repository: 'org/app', action: 'try' }
    const url = new URL(`http://${host}/`)
    const answer = bounded(
      transport,
      new FakeClock(),
    )({ method: 'GET', url, headers: {}, bodyLimit: 9, subject })
    await expect(answer).rejects.toMatchObject({
      kind: 'timeout',
      message: `${host}: cannot try: ${host} did not answer in time`,
    })
  })
})

describe('proxies', () => {
  const image = { registry: 'registry.example', repository: 'org/app', tag: '', digest: '' }

  it('are used as the environment says', async () => {
    const proxy = await server((_, response) => json(response, 200, { tags: ['a'] }))
    const env = { HTTP_PROXY: `http://${proxy.host}` }
    const { access } = open(['registry.example'], { env })
    expect((await access.listTags(image)).tags).toHaveLength(1)
    expect(proxy.requests[0]?.path).toBe('http://registry.example/v2/org/app/tags/list?n=1000')
  })

  it('but not for hosts of NO_PROXY', async () => {
    const proxy = await server((_, response) => json(response, 500, {}))
    const registry = await server((_, response) => json(response, 200, { tags: ['a'] }))
    const env = { HTTP_PROXY: `http://${proxy.host}`, NO_PROXY: '127.0.0.1' }
    const opened = open([registry.host], { env })
    expect((await opened.access.listTags(opened.image())).tags).toHaveLength(1)
    expect(proxy.requests).toEqual([])
  })
})
