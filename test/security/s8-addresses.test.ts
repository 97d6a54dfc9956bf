import type { lookup } from 'node:dns'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bounded } from '../../src/lib/registry/bounded.ts'
import { mayConnect, openTransport } from '../../src/lib/registry/transport.ts'
import { FakeClock } from '../registry/fake-clock.ts'
import { open, server } from '../registry/opened.ts'
import { json } from '../registry/scripted-server.ts'

const at = (registry: string) => ({ registry, repository: 'org/app', tag: '', digest: '' })

describe('S8: an image name cannot make this machine call its own network', () => {
  it.each([
    '127.0.0.1:5000',
    'localhost:5000',
    'registry.localhost:5000',
    'localhost.:5000',
    '[::1]:5000',
    '[::ffff:127.0.0.1]:5000',
    '10.0.0.8',
    '172.16.3.4',
    '192.168.1.1',
    '100.64.0.1',
    '[fd12::1]:443',
    '2130706433:5000',
    '0x7f.1:5000',
    '0177.0.0.1:5000',
  ])('%s is refused unless allowed', async (host) => {
    const { access } = open([])
    await expect(access.listTags(at(host))).rejects.toMatchObject({
      kind: 'refused',
      remedy: expect.stringContaining('add --allow-registry'),
    })
    expect(access.requests.size).toBe(0)
  })

  it.each([
    '169.254.169.254',
    '169.254.170.2:80',
    '[fe80::1]:5000',
    '[fd00:ec2::254]',
    '[::ffff:169.254.169.254]',
    'metadata.google.internal',
    '0.0.0.0:5000',
    '2852039166',
  ])('%s is refused even when allowed', async (host) => {
    const { access } = open([], { allowedHosts: [host], plainHttpHosts: [host] })
    await expect(access.listTags(at(host))).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('link-local or metadata'),
    })
    expect(access.requests.size).toBe(0)
  })

  it('a loopback registry is asked once the operator names it', async () => {
    const registry = await server((_, response) => json(response, 200, { tags: ['a'] }))
    const { access, image } = open([registry.host])
    expect((await access.listTags(image())).tags).toHaveLength(1)
  })

  it('naming one port does not allow another', async () => {
    const registry = await server((_, response) => json(response, 200, { tags: [] }))
    const { access, image } = open([registry.host], { plainHttpHosts: ['127.0.0.1:1'] })
    await expect(access.listTags(image())).rejects.toMatchObject({ kind: 'refused' })
    expect(registry.requests).toEqual([])
  })

  it('an allowed host that is not named for plain http is asked over TLS', async () => {
    const registry = await server((_, response) => json(response, 200, { tags: [] }))
    const { access, image } = open([registry.host], { plainHttpHosts: [], allowedHosts: [registry.host] })
    await expect(access.listTags(image())).rejects.toMatchObject({
      kind: 'tls',
      message: expect.stringContaining('does not speak TLS'),
    })
    expect(registry.requests).toEqual([])
  })
})

describe('S8: what a name resolves to is checked when connecting', () => {
  async function ask(allowedHosts: readonly string[]) {
    const registry = await server((_, response) => json(response, 200, { tags: ['a'] }))
    const url = new URL(`http://innocent.example:${registry.host.split(':')[1]}/`)
    const transport = openTransport({
      env: {},
      userAgent: 'test',
      rules: { allowedHosts, plainHttpHosts: [] },
      timeouts: { connect: 10_000, headers: 10_000, body: 10_000 },
      tls: [],
      onRequest: () => {},
      resolve: ((_name: string, _options: unknown, done: (error: null, found: unknown) => void) =>
        done(null, [{ address: '127.0.0.1', family: 4 }])) as unknown as typeof lookup,
    })
    onTestFinished(() => transport.close())
    const subject = { registry: url.host, repository: 'org/app', action: 'try' }
    const send = bounded(transport, new FakeClock())
    const answer = await send({ method: 'GET', url, headers: {}, bodyLimit: 100, subject }).catch(
      (thrown: unknown) => thrown,
    )
    return { answer, requests: registry.requests.length }
  }

  it('loopback behind a public name is not asked', async () => {
    const { answer, requests } = await ask([])
    expect(answer).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('resolves to 127.0.0.1'),
    })
    expect(requests).toBe(0)
  })

  it('unless the operator allowed that name', async () => {
    const { answer, requests } = await ask(['innocent.example'])
    expect(answer).toMatchObject({ status: 200 })
    expect(requests).toBe(1)
  })
})

describe('S8: a name that resolves to such an address is caught when connecting', () => {
  const rules = { allowedHosts: ['mine.example:5000'], plainHttpHosts: [] }
  it.each([
    ['evil.example', '169.254.169.254', false],
    ['evil.example', 'fe80::1', false],
    ['evil.example', '127.0.0.1', false],
    ['evil.example', '::ffff:127.0.0.1', false],
    ['mine.example', '169.254.169.254', false],
    ['mine.example', '127.0.0.1', true],
    ['registry.corp.example', '10.1.2.3', true],
    ['ghcr.io', '140.82.121.34', true],
  ])('%s at %s: %s', (host, address, allowed) => {
    expect(mayConnect(host, address, rules)).toBe(allowed)
  })
})
