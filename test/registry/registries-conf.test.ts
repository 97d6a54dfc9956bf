import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseImageReference } from '../../src/lib/image/reference.ts'
import type { ConfiguredRegistry } from '../../src/lib/registry/configured-registry.ts'
import { DistributionRepository } from '../../src/lib/registry/distribution.ts'
import { endpointOf } from '../../src/lib/registry/endpoint.ts'
import { inScope } from '../../src/lib/registry/in-scope.ts'
import { parseRegistriesConf } from '../../src/lib/rules/registries-conf/parse.ts'
import { privateRegistry, temporaryFolder } from '../engine/credential-world.ts'
import { open, server } from './opened.ts'
import { json } from './scripted-server.ts'
import { TEST_CERTIFICATE, TEST_KEY } from './test-certificate.ts'

/** The operator's own entries, one a line in YAML's flow style. */
const own = (...entries: string[]): ConfiguredRegistry[] =>
  parseRegistriesConf(
    `registries:\n${entries.map((entry) => `- {name: x, ${entry}}\n`).join('')}`,
    'conf',
  ).map((entry) => ({ entry, trusted: true }))

describe('where a repository is asked for', () => {
  const rules = { allowedHosts: [], plainHttpHosts: [] }

  it.each([
    [
      'api_url instead of the host',
      'reg.io/org/app',
      ['prefix: reg.io, api_url: "https://api.reg.io"'],
      'https://api.reg.io',
      'org/app',
    ],
    [
      'api_url with a path',
      'reg.io/org/app',
      ['prefix: reg.io, api_url: "https://x.io/docker/"'],
      'https://x.io/docker',
      'org/app',
    ],
    [
      'a prefix with a path, of which nothing is cut',
      'reg.io/org/app',
      ['prefix: reg.io/org, api_url: "https://y.io"'],
      'https://y.io',
      'org/app',
    ],
    [
      'defaultns for a name of one part',
      'reg.io/app',
      ['prefix: reg.io, api_url: "https://reg.io", defaultns: shop'],
      'https://reg.io',
      'shop/app',
    ],
    [
      'no defaultns for a longer name',
      'reg.io/org/app',
      ['prefix: reg.io, api_url: "https://reg.io", defaultns: shop'],
      'https://reg.io',
      'org/app',
    ],
    [
      'the default registry for a name without one',
      'app',
      ['prefix: reg.io, api_url: "https://reg.io", default: true'],
      'https://reg.io',
      'app',
    ],
    [
      'a mirror of Docker Hub, which keeps library/',
      'nginx',
      ['prefix: docker.io, api_url: "https://mirror.io"'],
      'https://mirror.io',
      'library/nginx',
    ],
    [
      'plain http where the operator says so',
      'reg.io/app',
      ['prefix: reg.io, api_url: "http://reg.io:5000"'],
      'http://reg.io:5000',
      'app',
    ],
    [
      'its host where no entry is for it',
      'other.io/app',
      ['prefix: reg.io, api_url: "https://reg.io"'],
      'https://other.io',
      'app',
    ],
  ])('%s', (_, image, entries, api, repository) => {
    const registries = own(...entries)
    const vouched = { ...rules, plainHttpHosts: ['reg.io:5000'] }
    expect(endpointOf(parseImageReference(image), vouched, registries)).toMatchObject({ api, repository })
  })
})

describe('certificates', () => {
  async function tlsRegistry(): Promise<string> {
    const started = createServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, (_, response) =>
      json(response, 200, { tags: ['1.0.0'] }),
    )
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void started.close().closeAllConnections())
    return `127.0.0.1:${(started.address() as AddressInfo).port}`
  }

  it.each(['insecure: true', `ca_data: ${JSON.stringify(TEST_CERTIFICATE)}`, 'ca_file'])(
    '%s is for the host of its entry alone',
    async (line) => {
      const file = join(await temporaryFolder(), 'ca.pem')
      await writeFile(file, TEST_CERTIFICATE)
      const host = await tlsRegistry()
      const other = await tlsRegistry()
      const setting = line === 'ca_file' ? `ca_file: ${file}` : line
      const registries = own(
        `api_url: "https://${host}", prefix: "${host}", ${setting}`,
        `api_url: "https://${other}", prefix: "${other}"`,
      )
      const { access, image } = open([], { registries })
      expect((await access.listTags({ ...image(), registry: host })).tags).toEqual([{ tag: '1.0.0' }])
      await expect(access.listTags({ ...image(), registry: other })).rejects.toMatchObject({ kind: 'tls' })
    },
  )
})

describe('limit', () => {
  it.each([
    ['2 a second', 'limit: 2', [0, 0, 500, 500]],
    ['20 a second when nothing is said', 'ping: true', []],
  ])('%s', async (_, line, slept) => {
    const { host } = await server((_request, response) => json(response, 200, { tags: [] }))
    const registries = own(`api_url: "http://${host}", prefix: "${host}", ${line}`)
    const { access, clock, image } = open([host], { registries })
    for (const name of ['a', 'b', 'c', 'd']) await access.listTags(image(name))
    expect(clock.slept).toEqual(slept.filter((each) => each > 0))
  })
})

it.each(['latest-first', 'latest-last'] as const)(
  'tagsortmode %s is told with the listing',
  async (order) => {
    const { host } = await server((_request, response) => json(response, 200, { tags: ['b', 'a', 'c'] }))
    const registries = own(`api_url: "http://${host}", prefix: "${host}", tagsortmode: ${order}`)
    const { access, image } = open([host], { registries })
    expect(await access.listTags(image())).toMatchObject({
      order,
      tags: [{ tag: 'b' }, { tag: 'a' }, { tag: 'c' }],
    })
  },
)

describe('a scope', () => {
  const login = (password: string) => async () =>
    ({ kind: 'password', username: 'me', password, source: 'scope' }) as const

  it('is asked for apart from the operator’s own login, and shared by all that have the same key', async () => {
    const registry = await privateRegistry(() => 'me:right')
    const { access, image } = open([registry.host])
    const right = { key: 'secret a', credentials: login('right') }
    const wrong = { key: 'secret b', credentials: login('wrong') }
    await Promise.all([1, 2, 3].map(() => inScope(access, right).listTags(image())))
    expect(registry.logins).toEqual(['me:right'])
    await expect(access.listTags(image())).rejects.toThrow('it wants a login')
    await expect(inScope(access, wrong).listTags(image())).rejects.toThrow('refuses the login from scope')
  })

  it('that fails, fails its requests alone', async () => {
    const { host } = await server((_request, response) => json(response, 200, { tags: ['1'] }))
    const { access, image } = open([host])
    const failing = { key: 'secret c', credentials: () => Promise.reject(new Error('no such secret')) }
    await expect(inScope(access, failing).listTags(image())).rejects.toThrow('no such secret')
    expect((await access.listTags(image())).tags).toHaveLength(1)
  })

  it('is looked up again in the next cycle', async () => {
    let password = 'old'
    const registry = await privateRegistry(() => `me:${password}`)
    const { access, image } = open([registry.host])
    const scope = { key: 'secret d', credentials: () => login(password)() }
    await access.listTags(image(), scope)
    password = 'new'
    access.newCycle()
    await access.listTags(image(), scope)
    expect(registry.logins).toEqual(['me:old', 'me:new'])
  })
})

it.each([
  ['Docker Hub counts a read manifest as a pull, so it is asked by HEAD', 'nginx', false],
  ['any other registry sends tag and manifest in one answer', 'ghcr.io/org/app', true],
])('%s', (_, image, atOnce) => {
  const endpoint = endpointOf(parseImageReference(image), { allowedHosts: [], plainHttpHosts: [] })
  const reader = new DistributionRepository(endpoint, () => Promise.reject(new Error('not asked')))
  expect(reader.manifestOf !== undefined).toBe(atOnce)
})
