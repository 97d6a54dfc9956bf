import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { APP_ID, APP_KEY, gitHubServer, INSTALLATION } from '../git/credentials/github-server.ts'
import { TEST_CERTIFICATE } from '../registry/test-certificate.ts'
import { repositoryWorld } from './repository-world.ts'

const SHOP = 'https://git.example.com/team/shop.git'
const SSH = 'git@git.example.com:team/shop.git'
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'
const KNOWN_HOSTS = `# of Argo CD\ngit.example.com ${KEY}\n`

describe('the repository Secret of Argo CD', () => {
  it('gives a password', async () => {
    const world = repositoryWorld()
    world.secret('argocd/shop', { url: SHOP, username: 'me', password: 'pw' })
    expect(await world.find('git', SHOP)).toMatchObject({
      kind: 'basic',
      username: 'me',
      password: 'pw',
      source: 'repository Secret argocd/shop',
    })
  })

  it('gives an ssh key with the known hosts', async () => {
    const world = repositoryWorld()
    world.secret('argocd/shop', { url: SSH, sshPrivateKey: 'key' })
    world.configMap('argocd/argocd-ssh-known-hosts-cm', { ssh_known_hosts: KNOWN_HOSTS })
    expect(await world.find('git:repocreds', SSH)).toMatchObject({
      kind: 'ssh',
      privateKey: 'key\n',
      knownHosts: KNOWN_HOSTS,
    })
  })

  it('comes with certificate authority, client certificate and proxy', async () => {
    const world = repositoryWorld()
    const tls = { tlsClientCertData: 'cert', tlsClientCertKey: 'key', proxy: 'http://proxy:3128' }
    world.secret('argocd/shop', { url: SHOP, bearerToken: 'token', ...tls })
    world.configMap('argocd/argocd-tls-certs-cm', { 'git.example.com': 'PEM', 'other.example.com': 'other' })
    expect(await world.find('git', SHOP)).toMatchObject({
      kind: 'bearer',
      token: 'token',
      tls: { ca: 'PEM', clientCertificate: 'cert', clientKey: 'key' },
      proxy: 'http://proxy:3128',
    })
  })

  it('names hosts that need no proxy', async () => {
    const world = repositoryWorld()
    const fields = { password: 'pw', proxy: 'http://proxy:3128', noProxy: '.example.com' }
    world.secret('argocd/shop', { url: SHOP, ...fields })
    expect(await world.find('git', SHOP)).not.toHaveProperty('proxy')
  })

  it('takes what it lacks from the template', async () => {
    const world = repositoryWorld()
    world.secret('argocd/shop', { url: SHOP, proxy: 'http://proxy:3128' })
    world.secret(
      'argocd/team',
      { url: 'https://git.example.com/team', password: 'pw' },
      { type: 'repo-creds' },
    )
    expect(await world.find('git', SHOP)).toMatchObject({
      password: 'pw',
      proxy: 'http://proxy:3128',
      source: 'credential template argocd/team',
    })
  })

  it('is not unverified with the credential of the template either', async () => {
    const world = repositoryWorld()
    world.secret('argocd/shop', { url: SHOP, insecure: 'true' })
    world.secret(
      'argocd/team',
      { url: 'https://git.example.com/team', password: 'pw' },
      { type: 'repo-creds' },
    )
    await expect(world.find('git', SHOP)).rejects.toThrow(
      'credential template argocd/team says insecure: true',
    )
  })

  it('is of the Application’s project, or of none', async () => {
    const world = repositoryWorld()
    world.secret('argocd/a', { url: SHOP, password: 'of-a', project: 'a' })
    world.secret('argocd/b', { url: SHOP, password: 'of-b', project: 'b' })
    expect(await world.find('git', SHOP, { project: 'b' })).toMatchObject({ password: 'of-b' })
    await expect(world.find('git', SHOP, { project: 'c' })).rejects.toThrow('and project c')
    world.secret('argocd/all', { url: SHOP, password: 'of-all' })
    world.repositories.newCycle()
    expect(await world.find('git', SHOP, { project: 'c' })).toMatchObject({ password: 'of-all' })
  })

  it('is none for Helm charts, and none without the label', async () => {
    const world = repositoryWorld()
    world.secret('argocd/helm', { url: SHOP, password: 'pw', type: 'helm' })
    world.secret('argocd/any', { url: SHOP, password: 'pw' }, { type: '' })
    await expect(world.find('git', SHOP)).rejects.toThrow(
      'no repository Secret or credential template of argocd is for https://git.example.com/team/shop.git',
    )
  })

  it('is looked for in the Application’s namespace, then in argocd', async () => {
    const world = repositoryWorld()
    world.secret('argocd/shop', { url: SHOP, password: 'central' })
    expect(await world.find('git', SHOP, { namespace: 'team-a' })).toMatchObject({ password: 'central' })
    world.repositories.newCycle()
    world.secret('team-a/shop', { url: SHOP, password: 'own' })
    expect(await world.find('git', SHOP, { namespace: 'team-a' })).toMatchObject({ password: 'own' })
  })

  it('is looked for nowhere else where the namespace of Argo CD is told', async () => {
    const world = repositoryWorld('gitops')
    world.secret('argocd/shop', { url: SHOP, password: 'pw' })
    await expect(world.find('git', SHOP)).rejects.toThrow('template of gitops')
    world.secret('gitops/shop', { url: SHOP, password: 'pw' })
    world.repositories.newCycle()
    expect(await world.find('git', SHOP)).toMatchObject({ source: 'repository Secret gitops/shop' })
  })

  it('is read once a cycle', async () => {
    const world = repositoryWorld()
    world.secret('argocd/shop', { url: SHOP, password: 'pw' })
    await Promise.all([world.find('git', SHOP), world.find('git', SHOP)])
    await world.find('git', SHOP)
    expect(world.asked.toSorted()).toEqual([
      'get configmaps argocd/argocd-tls-certs-cm',
      'list secrets argocd',
    ])
    world.repositories.newCycle()
    await world.find('git', SHOP)
    expect(world.asked).toHaveLength(4)
  })
})

describe('no access', () => {
  it('where Secrets may not be listed', async () => {
    const world = repositoryWorld()
    world.forbidden.add('secrets argocd')
    await expect(world.find('git', SHOP)).rejects.toMatchObject({
      message: `no credential for ${SHOP}: the Secrets of namespace argocd, where Argo CD keeps them, may not be listed`,
      remedy: expect.stringMatching(/can-i list secrets -n argocd.*--git-credentials=local/),
    })
  })

  it('where one of two places may not be listed and the other has none; otherwise there is', async () => {
    const world = repositoryWorld()
    world.forbidden.add('secrets team-a')
    await expect(world.find('git', SHOP, { namespace: 'team-a' })).rejects.toThrow('of namespace team-a')
    world.repositories.newCycle()
    world.secret('argocd/shop', { url: SHOP, password: 'pw' })
    expect(await world.find('git', SHOP, { namespace: 'team-a' })).toMatchObject({ password: 'pw' })
  })

  it.each([
    ['no credential', SHOP],
    ['one in its address only', SHOP.replace('//', '//me:hidden-word@')],
  ])('where the Secret holds %s', async (_, url) => {
    const world = repositoryWorld()
    world.secret('argocd/shop', { url })
    expect(inspect(await world.repositories.secrets('argocd'), { depth: 9 })).not.toContain('hidden-word')
    await expect(world.find('git', SHOP)).rejects.toThrow(
      `repository Secret argocd/shop is for ${SHOP} but holds no credential`,
    )
  })

  it.each<[knownHosts: string | undefined, url: string, advice: string]>([
    [undefined, SSH, 'ssh-keyscan git.example.com'],
    [`github.com ${KEY}`, SSH, 'ssh-keyscan git.example.com'],
    [KNOWN_HOSTS, 'ssh://git@git.example.com:2222/team/shop', 'ssh-keyscan -p 2222 git.example.com'],
  ])('to a host whose key is not known (%#)', async (knownHosts, url, advice) => {
    const world = repositoryWorld()
    world.secret('argocd/shop', { url, sshPrivateKey: 'key' })
    if (knownHosts !== undefined) {
      world.configMap('argocd/argocd-ssh-known-hosts-cm', { ssh_known_hosts: knownHosts })
    }
    await expect(world.find('git', url)).rejects.toMatchObject({
      message: expect.stringContaining('no host key of git.example.com'),
      remedy: expect.stringContaining(advice),
    })
  })

  it('where the known hosts may not be read', async () => {
    const world = repositoryWorld()
    world.secret('argocd/shop', { url: SSH, sshPrivateKey: 'key' })
    world.forbidden.add('configmaps argocd')
    await expect(world.find('git', SSH)).rejects.toThrow('argocd/argocd-ssh-known-hosts-cm may not be read')
  })

  it.each([
    ['ext::sh -c x', 'repository URL'],
    ['file:///etc', 'never used'],
    ['-uevil', 'repository URL'],
    ['https://me:hidden-word@git.example.com/x', 'carries a password'],
  ])('to %s', async (url, problem) => {
    const find = repositoryWorld().find('git', url)
    await expect(find).rejects.toThrow(problem)
    await expect(find).rejects.not.toThrow('hidden-word')
  })
})

describe('a Secret that a rule names', () => {
  it('is of the Application’s namespace, where the rule says none', async () => {
    const world = repositoryWorld()
    const fields = { url: 'https://git.example.com', password: 'pw' }
    world.secret('team-a/creds', fields, { type: '' })
    const own = { namespace: 'team-a' }
    for (const method of ['git:secret:creds', 'git:secret:team-a/creds']) {
      expect(await world.find(method, SHOP, own)).toMatchObject({ source: 'Secret team-a/creds' })
    }
    expect(world.asked.filter((each) => each.includes('secrets'))).toEqual(['get secrets team-a/creds'])
  })

  it('may hold an ssh key for every host whose key is known', async () => {
    const world = repositoryWorld()
    world.secret('argocd/creds', { sshPrivateKey: 'key' }, { type: '' })
    world.configMap('argocd/argocd-ssh-known-hosts-cm', { ssh_known_hosts: KNOWN_HOSTS })
    expect(await world.find('git:secret:argocd/creds', SSH)).toMatchObject({ kind: 'ssh' })
  })

  it.each([
    ['is not there', false, 'Secret argocd/creds: secrets/argocd/creds not found'],
    ['may not be read', true, 'Secret argocd/creds: secrets is forbidden'],
  ])('%s', async (_, forbidden, problem) => {
    const world = repositoryWorld()
    if (forbidden) world.forbidden.add('secrets argocd')
    await expect(world.find('git:secret:creds', SHOP)).rejects.toThrow(problem)
  })
})

describe('the operator’s own git', () => {
  it.each(['git', 'git:secret:other/creds'])('takes the place of %s, and nothing is read', async (method) => {
    const world = repositoryWorld()
    const access = await world.find(method, SHOP, { credentials: 'local' })
    expect(access).toEqual({ kind: 'local', source: 'your own git setup' })
    expect(world.asked).toEqual([])
  })

  it('does not take its place unasked', async () => {
    await expect(repositoryWorld().find('git', SHOP)).rejects.toMatchObject({
      remedy: expect.stringContaining('--git-credentials=local'),
    })
  })
})

describe('a GitHub App', () => {
  it('gives a token as password, and its host is verified by Argo CD’s certificates', async () => {
    const world = repositoryWorld()
    const server = await gitHubServer(() => Date.now())
    const url = `https://${server.host}/org/shop`
    const fields = {
      githubAppID: APP_ID,
      githubAppInstallationID: INSTALLATION,
      githubAppPrivateKey: APP_KEY,
    }
    world.secret('argocd/shop', { url, ...fields, githubAppEnterpriseBaseUrl: server.baseUrl })
    world.configMap('argocd/argocd-tls-certs-cm', { '127.0.0.1': TEST_CERTIFICATE })
    const expected = { kind: 'basic', username: 'x-access-token', password: 'ghs_token1' }
    const access = await world.find('git', url, { allowedHosts: [server.host] })
    expect(access).toMatchObject({ ...expected, tls: { ca: TEST_CERTIFICATE } })
    expect(inspect(access)).not.toMatch(/ghs_|PRIVATE/)
  })
})
