import { describe, expect, it } from 'vitest'
import { SecretReader } from '../../src/lib/cluster/secrets.ts'
import { readClusterRegistries } from '../../src/lib/engine/registries-conf.ts'
import { ruleScope, SECRET_REGISTRY } from '../../src/lib/engine/registry-credentials.ts'
import type { CredentialLookup } from '../../src/lib/registry/credentials/credential.ts'
import {
  configMap,
  objectCluster,
  privateRegistry,
  pullSecret,
  secretData,
} from '../engine/credential-world.ts'
import { ownFile, world } from '../engine/registries.ts'

const REGCRED = 'secrets/argocd/regcred'

describe('S3: a login goes only to the registry it belongs to', () => {
  it('a pull secret says itself which that is', async () => {
    const own = await privateRegistry(() => 'me:secret')
    const foreign = await privateRegistry(() => 'me:secret')
    const cluster = objectCluster({ [REGCRED]: pullSecret({ [own.host]: 'me:secret' }) })
    const { asking } = world(cluster, [own.host, foreign.host])

    const theirs = asking(`${foreign.host}/org/app`, 'pullsecret:argocd/regcred')
    await expect(theirs.access.listTags(theirs.rule.image)).rejects.toThrow(
      `it wants a login (HTTP 401); pullsecret argocd/regcred has no login for ${foreign.host}`,
    )
    expect(foreign.logins).toEqual([])

    const mine = asking(`${own.host}/org/app`, 'pullsecret:argocd/regcred')
    expect(await mine.access.listTags(mine.rule.image)).toMatchObject({
      credential: 'pullsecret argocd/regcred',
    })
    expect(own.logins).toContain('me:secret')
  })

  it('a path in a pull secret is compared by whole parts', async () => {
    const registry = await privateRegistry(() => 'a:1')
    const cluster = objectCluster({ [REGCRED]: pullSecret({ [`${registry.host}/team-a`]: 'a:1' }) })
    const { asking } = world(cluster, [registry.host])
    const neighbour = asking(`${registry.host}/team-ab/app`, 'pullsecret:argocd/regcred')
    await expect(neighbour.access.listTags(neighbour.rule.image)).rejects.toThrow('has no login for')
    expect(registry.logins).toEqual([])
  })

  it.each(['secret:argocd/creds#login', 'pullsecret:argocd/regcred'])(
    'the registry in front of %s is the only one it is sent to',
    async (source) => {
      const registry = await privateRegistry(() => 'me:secret')
      const cluster = objectCluster({
        [REGCRED]: pullSecret({ [registry.host]: 'me:secret' }),
        'secrets/argocd/creds': { data: secretData({ login: 'me:secret' }) },
      })
      const { asking } = world(cluster, [registry.host])
      const { access, rule } = asking(`${registry.host}/org/app`, `ghcr.io=${source}`)
      await expect(access.listTags(rule.image)).rejects.toThrow('it wants a login')
      expect(registry.logins).toEqual([])
    },
  )

  describe('user:password of a Secret does not say where it belongs, and the rule alone is not believed', () => {
    const rule = (image: string, source: string) => world(objectCluster({}), []).asking(image, source).rule
    const find = async (
      registry: string,
      {
        source = 'secret:argocd/creds#login',
        metadata = {},
        vouched = [] as string[],
        login = 'me:secret',
      } = {},
    ) => {
      const cluster = objectCluster({ 'secrets/argocd/creds': { metadata, data: secretData({ login }) } })
      const scope = ruleScope(
        rule(`${registry}/org/app`, source),
        new SecretReader(cluster),
        new Set(vouched),
      )
      return scope?.credentials({ registry, repository: 'org/app' })
    }

    it.each([
      ['without a registry in front', 'secret:argocd/creds#login'],
      [
        'with the same registry in front, which the same person wrote',
        'evil.example=secret:argocd/creds#login',
      ],
    ])('%s', async (_, source) => {
      await expect(find('evil.example', { source })).rejects.toThrow(
        'secret argocd/creds#login is not sent to evil.example: only the rule says that it belongs there',
      )
    })

    it.each([
      [
        'the owner of the Secret names the registry',
        'reg.example',
        { metadata: { annotations: { [SECRET_REGISTRY]: 'reg.example' } } },
      ],
      [
        'the owner names the path',
        'reg.example',
        { metadata: { annotations: { [SECRET_REGISTRY]: 'x.io, reg.example/org' } } },
      ],
      ['registries.conf or a flag names the registry', 'reg.example', { vouched: ['reg.example'] }],
      ['nobody can be trapped at a registry that many share', 'ghcr.io', {}],
    ])('but %s', async (_, registry, circumstances) => {
      expect(await find(registry, circumstances)).toMatchObject({ username: 'me', password: 'secret' })
    })

    it('the owner naming another path is no permission', async () => {
      const metadata = { annotations: { [SECRET_REGISTRY]: 'reg.example/organisation' } }
      await expect(find('reg.example', { metadata })).rejects.toThrow('is not sent to reg.example')
    })

    it('a Secret of another kind that holds a colon is not sent anywhere', async () => {
      const login = '{"bearerToken":"abc"}'
      await expect(find('ghcr.io', { login })).rejects.toThrow('it does not hold user:password')
    })
  })
})

describe('S3: an api_url sends nobody’s login elsewhere', () => {
  const corpLogin: CredentialLookup = async ({ registry }) =>
    registry === 'corp.example'
      ? { kind: 'password', username: 'me', password: 'secret', source: 'own' }
      : undefined
  const conf = (host: string) =>
    `registries: [{name: Mirror, prefix: corp.example, api_url: "http://${host}"}]`
  const image = { registry: 'corp.example', repository: 'org/app', tag: '', digest: '' }

  it('written in a cluster', async () => {
    const mirror = await privateRegistry(() => 'me:secret')
    const key = 'configmaps/argocd/argocd-image-updater-config'
    const cluster = objectCluster({ [key]: configMap(conf(mirror.host)) })
    const found = await readClusterRegistries(cluster, false, () => {})
    const { access } = world(cluster, [mirror.host], { found, options: { credentials: corpLogin } })
    await expect(access.listTags(image)).rejects.toThrow('it wants a login')
    expect(mirror.logins).toEqual([])
  })

  it('unless the operator wrote it', async () => {
    const mirror = await privateRegistry(() => 'me:secret')
    const options = { credentials: corpLogin }
    const { access } = world(objectCluster({}), [], { found: ownFile(conf(mirror.host)), options })
    await access.listTags(image)
    expect(mirror.logins).toEqual(['me:secret'])
  })
})
