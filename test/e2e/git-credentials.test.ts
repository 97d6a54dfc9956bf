import { expect, it, onTestFinished } from 'vitest'
import { RepositoryReader } from '../../src/lib/cluster/repositories.ts'
import { SecretReader } from '../../src/lib/cluster/secrets.ts'
import { GitAccessFinder } from '../../src/lib/engine/git-access.ts'
import { GitHubAppTokens } from '../../src/lib/git/credentials/github-app-token.ts'
import { openTestCluster } from '../cluster/open-test-cluster.ts'
import { secretData } from '../engine/credential-world.ts'
import { startWorld } from './world/world.ts'

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'

async function argoCd() {
  const world = await startWorld()
  onTestFinished(() => world.close())
  const { namespace, kubeconfig } = world
  const client = await openTestCluster({ kubeconfig, namespace })
  const create = (resource: string, name: string, labels: Record<string, string>, data: object) =>
    client.create(
      { group: '', version: 'v1', resource, namespace },
      { metadata: { name, namespace, labels }, data },
    )
  const finder = new GitAccessFinder({
    repositories: new RepositoryReader(client, namespace),
    secrets: new SecretReader(client),
    tokens: new GitHubAppTokens({ env: {}, userAgent: 'test', now: Date.now }),
    credentials: 'argocd',
    anyNamespace: false,
    allowedHosts: [],
  })
  const shop = { metadata: { name: 'shop', namespace }, spec: { project: 'default' } }
  return {
    namespace,
    find: (written: string, url: string) => finder.find({ written }, shop, url),
    configMap: (name: string, data: Record<string, string>) => create('configmaps', name, {}, data),
    secret: (name: string, type: string, fields: Record<string, string>) =>
      create('secrets', name, type ? { 'argocd.argoproj.io/secret-type': type } : {}, secretData(fields)),
  }
}

it('credentials are read as Argo CD and its users keep them', async () => {
  const { namespace, find, configMap, secret } = await argoCd()
  await secret('shop', 'repository', {
    type: 'git',
    url: 'https://git.example.com/team/shop',
    username: 'me',
    password: 'pw',
  })
  await secret('chart', 'repository', {
    type: 'helm',
    url: 'https://git.example.com/team/chart',
    password: 'no',
  })
  await secret('cluster', 'cluster', { url: 'https://git.example.com/team/chart', password: 'no' })
  await secret('team', 'repo-creds', { url: 'https://git.example.com/team', bearerToken: 'token' })
  await secret('ssh', 'repo-creds', { url: 'git@git.example.com:team', sshPrivateKey: 'key' })
  await secret('creds', '', { url: 'https://other.example.com', password: 'named' })
  await configMap('argocd-tls-certs-cm', { 'git.example.com': 'PEM' })
  await configMap('argocd-ssh-known-hosts-cm', { ssh_known_hosts: `git.example.com ${KEY}\n` })

  expect(await find('git', 'https://git.example.com/team/shop.git')).toMatchObject({
    kind: 'basic',
    username: 'me',
    password: 'pw',
    tls: { ca: 'PEM' },
    source: `repository Secret ${namespace}/shop`,
  })
  expect(await find('git:repocreds', 'https://git.example.com/team/chart')).toMatchObject({
    kind: 'bearer',
    token: 'token',
    source: `credential template ${namespace}/team`,
  })
  expect(await find('git', 'git@git.example.com:team/any.git')).toMatchObject({
    kind: 'ssh',
    knownHosts: `git.example.com ${KEY}\n`,
  })
  expect(await find('git:secret:creds', 'https://other.example.com/x')).toMatchObject({ password: 'named' })
})

it('without any there is a way out', async () => {
  const { find, namespace } = await argoCd()
  await expect(find('git', 'https://git.example.com/team/shop')).rejects.toMatchObject({
    message: `no repository Secret or credential template of ${namespace} is for https://git.example.com/team/shop and project default`,
    remedy: expect.stringContaining('--git-credentials=local'),
  })
  await expect(find('git:secret:creds', 'https://github.com/org/shop')).rejects.toThrow(
    `Secret ${namespace}/creds: secrets "creds" not found`,
  )
})
