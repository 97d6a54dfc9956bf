import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { readClusterRegistries, readRegistriesFile } from '../../src/lib/engine/registries-conf.ts'
import { entryCredentials } from '../../src/lib/engine/registry-credentials.ts'
import { systemClock } from '../../src/lib/registry/clock.ts'
import { FakeClock } from '../registry/fake-clock.ts'
import { server } from '../registry/opened.ts'
import { json } from '../registry/scripted-server.ts'
import {
  configMap,
  objectCluster,
  privateRegistry,
  pullSecret,
  script,
  secretData,
  temporaryFolder,
} from './credential-world.ts'
import { ownFile, world } from './registries.ts'

const REGCRED = 'secrets/argocd/regcred'

describe('the pull secret of a rule', () => {
  const encoded = Buffer.from('me:se:cret').toString('base64')
  const dockerConfig = (entry: object, host: string) => ({
    data: secretData({ '.dockerconfigjson': JSON.stringify({ auths: { [host]: entry } }) }),
  })

  it.each([
    ['auth', 'pullsecret:argocd/regcred', (host: string) => dockerConfig({ auth: encoded }, host)],
    [
      'username and password',
      'pullsecret:argocd/regcred',
      (host: string) => dockerConfig({ username: 'me', password: 'se:cret' }, host),
    ],
    [
      'a key with a scheme',
      'pullsecret:argocd/regcred',
      (host: string) => dockerConfig({ auth: encoded }, `https://${host}/v2/`),
    ],
    [
      'a key with a path',
      'pullsecret:argocd/regcred',
      (host: string) => dockerConfig({ auth: encoded }, `${host}/org`),
    ],
    [
      '.dockercfg of old',
      'pullsecret:argocd/regcred',
      (host: string) => ({
        data: secretData({ '.dockercfg': JSON.stringify({ [host]: { auth: encoded } }) }),
      }),
    ],
    [
      'a field, split at the first colon',
      'secret:argocd/regcred#login',
      () => ({ data: secretData({ login: 'me:se:cret' }) }),
    ],
    [
      'a field with a line end',
      'secret:argocd/regcred#login',
      () => ({ data: secretData({ login: 'me:se:cret\n' }) }),
    ],
    [
      'the type in any case',
      'SECRET:argocd/regcred#login',
      () => ({ data: secretData({ login: 'me:se:cret' }) }),
    ],
  ])('%s', async (_, source, secret) => {
    const registry = await privateRegistry(() => 'me:se:cret')
    const cluster = objectCluster({ [REGCRED]: secret(registry.host) })
    const { access, rule } = world(cluster, [registry.host]).asking(`${registry.host}/org/app`, source)
    const listing = await access.listTags(rule.image)
    expect(listing.tags).toEqual([{ tag: '1.0.0' }])
    expect(listing.credential).toBe(source.toLowerCase().replace(':', ' '))
  })

  it('may be an identity token, which is exchanged at the registry’s own token server', async () => {
    const seen: string[] = []
    const { host } = await server((request, response) => {
      if (request.path === '/token') {
        seen.push(new URLSearchParams(request.body).get('refresh_token') ?? '')
        json(response, 200, { access_token: 'short-lived' })
      } else if (request.headers.authorization === 'Bearer short-lived')
        json(response, 200, { tags: ['1.0.0'] })
      else json(response, 401, {}, { 'www-authenticate': `Bearer realm="http://${host}/token",service="x"` })
    })
    const cluster = objectCluster({ [REGCRED]: dockerConfig({ identitytoken: 'long-lived' }, host) })
    const { access, rule } = world(cluster, [host]).asking(`${host}/org/app`, 'pullsecret:argocd/regcred')
    expect((await access.listTags(rule.image)).tags).toEqual([{ tag: '1.0.0' }])
    expect(seen).toEqual(['long-lived'])
  })

  it('that has none for a public registry leaves the operator’s own way, and says so', async () => {
    const { host } = await server((_, response) => json(response, 200, { tags: ['1.0.0'] }))
    const cluster = objectCluster({ [REGCRED]: pullSecret({ 'ghcr.io': 'me:secret' }) })
    const { access, rule } = world(cluster, [host]).asking(`${host}/org/app`, 'pullsecret:argocd/regcred')
    expect((await access.listTags(rule.image)).credential).toBe(
      `anonymous (pullsecret argocd/regcred has no login for ${host})`,
    )
  })

  it('is read once a cycle for all its images, and again in the next', async () => {
    const registry = await privateRegistry(() => 'me:secret')
    const cluster = objectCluster({ [REGCRED]: pullSecret({ [registry.host]: 'me:secret' }) })
    const { access, secrets, asking } = world(cluster, [registry.host])
    const cycle = () =>
      Promise.all(
        ['a', 'b', 'c'].map((name) => {
          const { access: own, rule } = asking(`${registry.host}/${name}`, 'pullsecret:argocd/regcred')
          return own.listTags(rule.image)
        }),
      )
    await cycle()
    expect(cluster.asked).toEqual([REGCRED])
    secrets.newCycle()
    access.newCycle()
    await cycle()
    expect(cluster.asked).toEqual([REGCRED, REGCRED])
  })

  it.each([
    [
      'missing',
      undefined,
      'pullsecret:argocd/regcred',
      'pullsecret argocd/regcred: secrets "regcred" not found',
    ],
    [
      'forbidden',
      'forbidden' as const,
      'pullsecret:argocd/regcred',
      'pullsecret argocd/regcred: secrets "regcred" is forbidden',
    ],
    [
      'of another type',
      { type: 'Opaque', data: {} },
      'pullsecret:argocd/regcred',
      'not a pull secret (Opaque): it has no .dockerconfigjson',
    ],
    [
      'not JSON',
      { data: secretData({ '.dockerconfigjson': 'nope' }) },
      'pullsecret:argocd/regcred',
      'is not JSON',
    ],
    [
      'without auths',
      { data: secretData({ '.dockerconfigjson': '{}' }) },
      'pullsecret:argocd/regcred',
      'has no auths',
    ],
    [
      'without the field',
      { data: secretData({ other: 'x' }) },
      'secret:argocd/regcred#login',
      'secret argocd/regcred#login: the Secret has no field login',
    ],
    [
      'without a colon in the field',
      { data: secretData({ login: 'hunter2' }) },
      'secret:argocd/regcred#login',
      'it does not hold user:password',
    ],
  ])(
    'a Secret that is %s stops its own image with one line, and never shows what it holds',
    async (_, secret, source, message) => {
      const registry = await privateRegistry(() => '')
      const cluster = objectCluster(secret === undefined ? {} : { [REGCRED]: secret })
      const { access, rule } = world(cluster, [registry.host]).asking(`${registry.host}/org/app`, source)
      const failure = await access.listTags(rule.image).catch((error: Error) => error)
      expect(failure).toMatchObject({ message: expect.stringContaining(message) })
      expect(String(failure)).not.toContain('hunter2')
    },
  )
})

describe('credentials of registries.conf', () => {
  const conf = (host: string, credentials: string, ...more: string[]) =>
    [
      'registries:',
      '- name: Corp',
      `  api_url: http://${host}`,
      `  prefix: ${host}`,
      `  credentials: ${credentials}`,
      ...more.map((line) => `  ${line}`),
    ].join('\n')

  it.each([
    ['env:LOGIN', 'env LOGIN'],
    ['pullsecret:any/regcred', 'pullsecret any/regcred'],
    ['secret:any/login#value', 'secret any/login#value'],
  ])('%s of the operator’s own file', async (source, credential) => {
    const registry = await privateRegistry(() => 'me:secret')
    const cluster = objectCluster({
      'secrets/any/regcred': pullSecret({ [registry.host]: 'me:secret' }),
      'secrets/any/login': { data: secretData({ value: 'me:secret' }) },
    })
    const found = ownFile(conf(registry.host, source))
    const { access, image } = world(cluster, [registry.host], { found, env: { LOGIN: 'me:secret' } })
    expect(await access.listTags(image())).toMatchObject({ credential, tags: [{ tag: '1.0.0' }] })
  })

  it('a registry in front of the source is the only one it is for', async () => {
    const registry = await privateRegistry(() => 'me:secret')
    const found = ownFile(conf(registry.host, 'ghcr.io=env:LOGIN'))
    const { access, image } = world(objectCluster({}), [registry.host], {
      found,
      env: { LOGIN: 'me:secret' },
    })
    await expect(access.listTags(image())).rejects.toThrow('it wants a login')
    expect(registry.logins).toEqual([])
  })

  it('a program is shown, sees no other secrets, may greet, and runs once for all repositories', async () => {
    const registry = await privateRegistry(() => 'me:secret')
    const folder = await temporaryFolder()
    const login = await script(
      folder,
      'login',
      `env > ${folder}/env`,
      `echo x >> ${folder}/runs`,
      'echo Welcome: friend',
      'echo me:secret',
      'echo',
    )
    const shown: string[] = []
    const { access, image } = world(objectCluster({}), [registry.host], {
      found: ownFile(conf(registry.host, `ext:${login}`)),
      env: { PATH: '/usr/bin:/bin', AWS_PROFILE: 'prod', GITHUB_TOKEN: 'hunter2' },
      log: (line) => shown.push(line),
    })
    const listings = await Promise.all(['a', 'b'].map((name) => access.listTags(image(name))))
    expect(listings[0]?.credential).toBe(`ext ${login}`)
    expect(shown).toEqual([`run ${login}`])
    expect(await linesOf(`${folder}/runs`)).toEqual(['x'])
    const env = await linesOf(`${folder}/env`)
    expect(env).toContain('AWS_PROFILE=prod')
    expect(env.join()).not.toContain('hunter2')
  })

  it.each([
    ['fails', 'exit 3', 'failed with exit code 3'],
    ['prints nothing', 'true', 'is not user:password'],
    ['prints something after it', 'echo me:secret; echo done', 'is not user:password'],
  ])(
    'a program that %s is one line for each of its images, and not run for each',
    async (_, line, message) => {
      const folder = await temporaryFolder()
      const login = await script(folder, 'login', `echo x >> ${folder}/runs`, line)
      const registry = await privateRegistry(() => 'me:secret')
      const found = ownFile(conf(registry.host, `ext:${login}`))
      const { access, image } = world(objectCluster({}), [registry.host], { found })
      for (const name of ['a', 'b']) {
        const failure = await access.listTags(image(name)).catch((error: Error) => error)
        expect(failure).toMatchObject({ message: expect.stringContaining(message) })
        expect(String(failure)).not.toContain('me:secret')
      }
      expect(await linesOf(`${folder}/runs`)).toEqual(['x'])
    },
  )

  it('are fetched again after credsexpire, and kept until then', async () => {
    const folder = await temporaryFolder()
    const login = await script(folder, 'login', `echo x >> ${folder}/runs`, 'echo me:secret')
    const [entry] = ownFile(conf('registry.example.com', `ext:${login}`, 'credsexpire: 1h')).entries
    const clock = new FakeClock()
    const find = entry && entryCredentials(entry, { env: {}, clock, programTimeout: 10_000 })
    const target = { registry: 'registry.example.com', repository: 'app' }
    await find?.(target)
    clock.advance(3_599_000)
    await find?.(target)
    expect(await linesOf(`${folder}/runs`)).toHaveLength(1)
    clock.advance(1000)
    await find?.(target)
    expect(await linesOf(`${folder}/runs`)).toHaveLength(2)
  })

  it('a program that takes too long is ended', async () => {
    const folder = await temporaryFolder()
    const login = await script(folder, 'login', 'sleep 60')
    const [entry] = ownFile(conf('registry.example.com', `ext:${login}`)).entries
    const surroundings = { env: { PATH: '/usr/bin:/bin' }, clock: systemClock, programTimeout: 100 }
    const asked = entry && entryCredentials(entry, surroundings)?.({ registry: 'x', repository: 'app' })
    await expect(asked).rejects.toMatchObject({
      message: `${login} did not answer within 0.1 s`,
      remedy: expect.stringContaining('--credential-timeout'),
    })
  })

  it('are fetched once more when the registry refuses them', async () => {
    const folder = await temporaryFolder()
    const login = await script(
      folder,
      'login',
      `echo x >> ${folder}/runs`,
      `echo me:$(wc -l < ${folder}/runs | tr -d ' ')`,
    )
    const registry = await privateRegistry(() => 'me:2')
    const found = ownFile(conf(registry.host, `ext:${login}`))
    const { access, image } = world(objectCluster({}), [registry.host], { found })
    expect((await access.listTags(image())).tags).toHaveLength(1)
    expect(registry.logins).toEqual(['me:1', 'me:2'])
  })
})

describe('where a registries.conf is found', () => {
  const MAP = 'argocd-image-updater-config'
  const corp = configMap('registries: [{name: Corp, api_url: https://corp.example}]')
  const read = async (objects: Parameters<typeof objectCluster>[0], namespace: string) => {
    const warnings: string[] = []
    const found = await readClusterRegistries(objectCluster(objects, namespace), false, (line) =>
      warnings.push(line),
    )
    return { names: found.entries.map(({ name }) => name), trusted: found.trusted, warnings }
  }

  it.each([
    ['the namespace of the Applications', { [`configmaps/team/${MAP}`]: corp }, 'team', ['Corp']],
    ['else argocd', { [`configmaps/argocd/${MAP}`]: corp }, 'team', ['Corp']],
    ['argocd, for all namespaces', { [`configmaps/argocd/${MAP}`]: corp }, '', ['Corp']],
    ['nowhere, which is usual', {}, 'argocd', []],
    [
      'nowhere, as the ConfigMap has no such key',
      { [`configmaps/argocd/${MAP}`]: { data: { a: 'b' } } },
      'argocd',
      [],
    ],
  ])('%s', async (_, objects, namespace, names) => {
    expect(await read(objects, namespace)).toEqual({ names, trusted: false, warnings: [] })
  })

  it('forbidden is told once', async () => {
    const forbidden = {
      [`configmaps/argocd/${MAP}`]: 'forbidden',
      [`configmaps/team/${MAP}`]: 'forbidden',
    } as const
    const { warnings } = await read(forbidden, 'team')
    expect(warnings).toEqual([
      expect.stringContaining('is forbidden; if it configures registries, name a copy'),
    ])
  })

  it('nonsense is told, and nothing of it used', async () => {
    const text = configMap('registries:\n- name: a\n  api_url: https://a.io\n- name: b\n')
    const { names, warnings } = await read({ [`configmaps/argocd/${MAP}`]: text }, 'argocd')
    expect(names).toEqual([])
    expect(warnings).toEqual([
      expect.stringContaining(
        `registries.conf of ConfigMap argocd/${MAP}, line 4: the entry has no api_url; none of it is used`,
      ),
    ])
  })

  it('a file that is not there is an error', async () => {
    await expect(readRegistriesFile('/nonexistent/registries.conf', () => {})).rejects.toThrow(
      'cannot be read (ENOENT)',
    )
  })
})

async function linesOf(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).trim().split('\n')
}
