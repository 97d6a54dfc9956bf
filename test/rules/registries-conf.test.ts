import { describe, expect, it } from 'vitest'
import { parseImageReference } from '../../src/lib/image/reference.ts'
import { findEntry, inferEntry, shadowedEntries } from '../../src/lib/rules/registries-conf/find-entry.ts'
import { parseRegistriesConf } from '../../src/lib/rules/registries-conf/parse.ts'
import { TEST_CERTIFICATE } from '../registry/test-certificate.ts'

const parse = (text: string) => parseRegistriesConf(text, 'registries.conf')
/** One entry with these lines, `name` on line 2 and `api_url` on line 3. */
const entry = (...lines: string[]) =>
  [
    'registries:',
    '- name: Corp',
    '  api_url: https://registry.example.com',
    ...lines.map((line) => `  ${line}`),
  ].join('\n')

describe('a registries.conf', () => {
  it('holds everything argocd-image-updater knows of a registry', () => {
    const text = entry(
      'prefix: registry.example.com/team/',
      'ping: yes',
      'credentials: pullsecret:argocd/regcred',
      'credsexpire: 10h30m',
      'tagsortmode: Latest-First',
      'insecure: true',
      'ca_file: /etc/ssl/corp.pem',
      `ca_data: ${JSON.stringify(TEST_CERTIFICATE)}`,
      'defaultns: shop',
      'limit: 5',
      'default: true',
    )
    expect(parse(text)).toEqual([
      {
        name: 'Corp',
        apiUrl: 'https://registry.example.com',
        prefix: 'registry.example.com/team',
        credentials: {
          text: 'pullsecret:argocd/regcred',
          source: { type: 'pullsecret', registry: '', namespace: 'argocd', name: 'regcred' },
        },
        credentialsLifetime: 37_800_000,
        tagSortMode: 'latest-first',
        insecure: true,
        caFile: '/etc/ssl/corp.pem',
        caData: TEST_CERTIFICATE.trim(),
        defaultNamespace: 'shop',
        limit: 5,
        isDefault: true,
        line: 2,
      },
    ])
  })

  it('assumes little of what is not said', () => {
    expect(parse(entry())).toEqual([
      {
        name: 'Corp',
        apiUrl: 'https://registry.example.com',
        prefix: '',
        tagSortMode: 'none',
        insecure: false,
        defaultNamespace: '',
        isDefault: false,
        line: 2,
      },
    ])
  })

  it.each([
    ['nothing', ''],
    ['a comment', '# none yet'],
    ['no entry', 'registries: []'],
    ['an empty key', 'registries:'],
  ])('may hold %s', (_, text) => {
    expect(parse(text)).toEqual([])
  })

  it.each([
    ['a trailing slash of api_url', 'https://registry.example.com/', 'https://registry.example.com'],
    [
      'a path of api_url is kept',
      'https://example.com/api/docker/local/',
      'https://example.com/api/docker/local',
    ],
    ['plain http can be said', 'http://localhost:5000', 'http://localhost:5000'],
  ])('%s', (_, written, apiUrl) => {
    expect(parse(`registries: [{name: x, api_url: "${written}"}]`)[0]?.apiUrl).toBe(apiUrl)
  })

  it('may use anchors', () => {
    const text = [
      'registries:',
      '- {name: a, api_url: https://a.example, prefix: a.example, limit: &limit 7}',
      '- {name: b, api_url: https://b.example, prefix: b.example, limit: *limit}',
    ].join('\n')
    expect(parse(text).map(({ limit }) => limit)).toEqual([7, 7])
  })
})

describe('what is wrong is named with its line', () => {
  it.each([
    ['an unknown key', entry('limits: 5'), 'line 4: unknown key "limits"', 'Did you mean limit?'],
    [
      'an unknown key far from all',
      entry('colour: red'),
      'unknown key "colour"',
      'Known keys: name, api_url',
    ],
    ['an unknown key at the top', 'registry: []', 'line 1: unknown key "registry"', 'Known keys: registries'],
    ['a key twice', entry('limit: 1', 'limit: 2'), 'line 5: not YAML', 'Correct the YAML'],
    ['no YAML', 'registries: [', 'not YAML', 'Correct the YAML'],
    ['a list at the top', '- a', 'it is not a mapping', 'Begin with registries:'],
    ['no list of entries', 'registries: {a: b}', 'registries is not a list', '- name:'],
    [
      'an entry that is a word',
      'registries:\n- ghcr.io',
      'line 2: an entry is not a mapping',
      'name: and api_url:',
    ],
    ['no name', 'registries:\n- api_url: https://x.io', 'line 2: the entry has no name', 'name and api_url'],
    ['no api_url', 'registries:\n- name: x', 'line 2: the entry has no api_url', 'name and api_url'],
    [
      'an empty api_url',
      'registries: [{name: x, api_url: ""}]',
      'the entry has no api_url',
      'name and api_url',
    ],
    [
      'an api_url without scheme',
      'registries: [{name: x, api_url: x.io}]',
      'api_url "x.io" is not an http',
      'https://',
    ],
    ['an api_url of a file', 'registries: [{name: x, api_url: "file:///etc"}]', 'is not an http', 'https://'],
    [
      'a password in api_url',
      'registries: [{name: x, api_url: "https://u:p@x.io"}]',
      'must not hold a user',
      'https://',
    ],
    [
      'a query in api_url',
      'registries: [{name: x, api_url: "https://x.io?a"}]',
      'must not hold a query',
      'https://',
    ],
    ['a prefix with a scheme', entry('prefix: https://x.io'), 'line 4: prefix', 'host[:port][/path]'],
    ['a word for a boolean', entry('insecure: perhaps'), 'insecure "perhaps" is neither', 'true or false'],
    ['a word for ping', entry('ping: sometimes'), 'ping "sometimes" is neither', 'true or false'],
    ['a negative limit', entry('limit: -1'), 'limit "-1" is not a number', 'whole number'],
    ['a limit with a unit', entry('limit: 5/s'), 'limit "5/s" is not a number', 'whole number'],
    ['an unknown order', entry('tagsortmode: newest'), 'tagsortmode "newest" is not known', 'latest-first'],
    ['a lifetime in days', entry('credsexpire: 1d'), 'line 4: credsexpire: "1d" is not a duration', 'units'],
    ['a lifetime of nothing', entry('credsexpire: 0'), 'credsexpire must be longer than 0', '10h'],
    [
      'a credential of no kind',
      entry('credentials: token:x'),
      'line 4: credentials: "token:x"',
      'pullsecret',
    ],
    [
      'a certificate that is none',
      entry('ca_data: abc'),
      'line 4: ca_data holds no PEM certificate',
      'Paste',
    ],
    ['a list for a value', entry('limit: [1]'), 'limit must be a single value', 'limit: <value>'],
  ])('%s', (_, text, message, remedy) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(message),
        remedy: expect.stringContaining(remedy),
      }),
    )
  })

  const two = (first: string, second: string) =>
    `registries:\n- {name: a, api_url: https://a.example, ${first}}\n- {name: b, api_url: https://b.example, ${second}}`

  it.each([
    ['two defaults', two('prefix: a, default: true', 'prefix: b, default: true'), 'are both default'],
    ['two entries without prefix', two('limit: 1', 'limit: 1'), 'both have no prefix'],
    ['one prefix twice', two('prefix: x.io', 'prefix: X.io'), 'both have the prefix X.io'],
    [
      'one host with and without verification',
      two('prefix: a/b, insecure: true', 'prefix: c').replace('b.example', 'a.example'),
      'differ in insecure',
    ],
  ])('%s', (_, text, message) => {
    expect(() => parse(text)).toThrow(`registries.conf, line 3: "a" (line 2) and "b" `)
    expect(() => parse(text)).toThrow(message)
  })

  it('a file of a size that nobody writes is not read', () => {
    expect(() => parse(`# ${'x'.repeat(1024 * 1024)}`)).toThrow('larger than 1 MiB')
  })
})

describe('the entry for an image', () => {
  const entries = (...prefixes: string[]) =>
    prefixes.map((prefix) => {
      const [written = '', isDefault] = prefix.split(' ')
      return { ...inferEntry('own.example'), prefix: written, isDefault: isDefault === 'default' }
    })
  const found = (image: string, prefixes: readonly string[]) =>
    findEntry(entries(...prefixes), parseImageReference(image))?.prefix

  it.each([
    ['its host', 'ghcr.io/org/app', ['quay.io', 'ghcr.io'], 'ghcr.io'],
    ['its host in any case', 'GHCR.io/org/app', ['ghcr.io'], 'ghcr.io'],
    ['its port', 'reg.io:5000/app', ['reg.io', 'reg.io:5000'], 'reg.io:5000'],
    ['the port of https is none', 'reg.io:443/app', ['reg.io'], 'reg.io'],
    ['the longest path', 'reg.io/a/b/app', ['reg.io/a', 'reg.io/a/b', 'reg.io/c'], 'reg.io/a/b'],
    ['the host alone before any path', 'reg.io/a/app', ['reg.io/a', 'reg.io'], 'reg.io'],
    ['the default for names without registry', 'nginx', ['docker.io', 'reg.io default'], 'reg.io'],
    ['Docker Hub for names without registry', 'nginx', ['reg.io', 'docker.io'], 'docker.io'],
    ['Docker Hub by another name', 'index.docker.io/org/app', ['docker.io'], 'docker.io'],
    ['no prefix means the host of api_url', 'own.example/app', ['', 'reg.io'], ''],
    ['no prefix means nothing else', 'quay.io/app', ['docker.io', ''], undefined],
    ['the default is only for names without registry', 'quay.io/app', ['docker.io default'], undefined],
  ])('%s', (_, image, prefixes, expected) => {
    expect(found(image, prefixes)).toBe(expected)
  })

  it('that another shadows is told', () => {
    expect(shadowedEntries(entries('reg.io/a', 'reg.io', 'other.io/a'))).toEqual([
      'line 0: "own.example" (reg.io/a) is never used, because "own.example" has all of reg.io',
    ])
  })
})
