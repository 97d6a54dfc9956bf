import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SECRET_REPOSITORY } from '../../src/lib/engine/named-git-secret.ts'
import { repositoryWorld } from '../engine/repository-world.ts'

const OWN = 'https://git.example.com/team/shop.git'

/** Addresses that resemble the Application's own, or are simply others. */
const ELSEWHERE = [
  'https://git.example.com.evil.net/team/shop.git',
  'https://git.example.co/team/shop.git',
  'https://git.example.com@evil.net/team/shop.git',
  'https://evil.net/git.example.com/team/shop.git',
  'https://git.example.com:8443/team/shop.git',
  'https://git.example.com./team-b/shop.git',
  'https://git.examp1e.com/team/shop.git',
  'https://git.еxample.com/team/shop.git',
  'https://git.example.com/team-b/shop.git',
  'https://git.example.com/teamshop/x.git',
  'https://git.example.com/x/../team/shop.git',
  'https://git.example.com/team/%2e%2e/team-b/shop.git',
  'https://git.example.com/team%2f..%2fteam-b/shop.git',
  'https://git.example.com\\@evil.net/team/shop.git',
  'http://git.example.com/team/shop.git',
  'ssh://git@git.example.com/team/shop.git',
  'git@git.example.com:team/shop.git',
]

describe('S11: a git-repository that points elsewhere gets no credential', () => {
  it.each(ELSEWHERE)('of a repository Secret or template: %s', async (url) => {
    const world = repositoryWorld()
    world.secret('argocd/shop', { url: OWN, password: 'hidden-word' })
    world.secret(
      'argocd/team',
      { url: 'https://git.example.com/team', password: 'hidden-word' },
      { type: 'repo-creds' },
    )
    await refused(world.find('git', url))
  })

  it.each(ELSEWHERE)('of a named Secret that says what it is for: %s', async (url) => {
    const world = repositoryWorld()
    const annotations = { [SECRET_REPOSITORY]: 'https://git.example.com/team' }
    world.secret('argocd/annotated', { password: 'hidden-word' }, { type: '', annotations })
    world.secret('argocd/addressed', { url: OWN, password: 'hidden-word' }, { type: '' })
    await refused(world.find('git:secret:argocd/annotated', url))
    await refused(world.find('git:secret:argocd/addressed', url))
  })

  it('but that of the other repository, if there is one', async () => {
    const world = repositoryWorld()
    const other = 'https://git.example.com/team-b/deploy.git'
    world.secret('argocd/shop', { url: OWN, password: 'own' })
    world.secret('argocd/other', { url: other, password: 'other' })
    expect(await world.find('git', other)).toMatchObject({ password: 'other' })
    expect(await world.find('git', OWN)).toMatchObject({ password: 'own' })
  })
})

describe('S11: a named Secret that does not say what it is for', () => {
  it.each([
    ['a password', { username: 'me', password: 'hidden-word' }],
    ['a token', { bearerToken: 'hidden-word' }],
  ])('goes nowhere on the word of the rule alone: %s', async (_, fields) => {
    const world = repositoryWorld()
    world.secret('argocd/creds', fields, { type: '' })
    await expect(world.find('git:secret:argocd/creds', OWN)).rejects.toMatchObject({
      message: 'Secret argocd/creds is not sent to git.example.com: only the rule says that it belongs there',
      remedy: expect.stringContaining(`${SECRET_REPOSITORY}: ${OWN}`),
    })
  })

  it('goes to repositories that Argo CD knows, and to hosts shared by many', async () => {
    const world = repositoryWorld()
    world.secret('argocd/creds', { password: 'pw' }, { type: '' })
    world.secret('argocd/read-only', { url: OWN })
    expect(await world.find('git:secret:argocd/creds', OWN)).toMatchObject({ password: 'pw' })
    const shared = 'https://github.com/org/shop'
    expect(await world.find('git:secret:argocd/creds', shared)).toMatchObject({ password: 'pw' })
    await refused(world.find('git:secret:argocd/creds', 'https://github.com.evil.net/org/shop'))
  })

  it('goes to no repository that only the Application’s namespace knows', async () => {
    const world = repositoryWorld()
    const evil = 'https://git.evil.net/team/shop'
    world.secret('argocd/creds', { password: 'hidden-word' }, { type: '' })
    world.secret('team-a/shop', { url: evil, password: 'own' })
    await refused(world.find('git:secret:argocd/creds', evil, { namespace: 'team-a', anyNamespace: true }))
  })

  it('goes to no repository that Argo CD knows for another project', async () => {
    const world = repositoryWorld()
    world.secret('argocd/creds', { password: 'hidden-word' }, { type: '' })
    world.secret('argocd/theirs', { url: OWN, project: 'other' })
    await refused(world.find('git:secret:argocd/creds', OWN))
  })
})

describe('S11: addresses where no repository is', () => {
  it.each(['https://169.254.169.254/x', 'https://metadata.google.internal/x', 'https://127.0.0.1:8443/x'])(
    '%s is not even asked for the token of an App',
    async (url) => {
      const world = repositoryWorld()
      const app = { githubAppID: '1', githubAppInstallationID: '2', githubAppPrivateKey: 'hidden-word' }
      world.secret('argocd/shop', { url, ...app, githubAppEnterpriseBaseUrl: url })
      await refused(world.find('git', url))
      expect(world.asked).toEqual([])
    },
  )
})

describe('S11: plain http', () => {
  const secret = { password: 'hidden-word' }

  it.each([
    ['http://git.example.com/team/shop', ['git.example.com']],
    ['http://10.0.0.5/team/shop', ['10.0.0.5']],
    ['http://127.0.0.1:3000/team/shop', []],
    ['http://127.0.0.1:3000/team/shop', ['127.0.0.1:3001']],
    ['http://localhost.evil.net/team/shop', ['localhost.evil.net']],
  ])('%s is sent no credential, vouched for: %j', async (url, allowedHosts) => {
    const world = repositoryWorld()
    world.secret('argocd/shop', { url, ...secret })
    await refused(world.find('git', url, { allowedHosts }))
    await refused(world.find('git', url, { allowedHosts, credentials: 'local' }))
  })

  it.each(['127.0.0.1', '127.0.0.1:3000'])('loopback is, if the operator vouches for %s', async (host) => {
    const url = 'http://127.0.0.1:3000/team/shop'
    const world = repositoryWorld()
    world.secret('argocd/shop', { url, ...secret })
    expect(await world.find('git', url, { allowedHosts: [host] })).toMatchObject({ kind: 'basic' })
  })
})

describe('S12: verification cannot be switched off', () => {
  it.each<[url: string, fields: Record<string, string>]>([
    [OWN, { password: 'hidden-word', insecure: 'true' }],
    ['git@git.example.com:team/shop', { sshPrivateKey: 'hidden-word', insecure: 'true' }],
    ['git@git.example.com:team/shop', { sshPrivateKey: 'hidden-word', insecureIgnoreHostKey: 'true' }],
  ])('%s %j', async (url, fields) => {
    const world = repositoryWorld()
    world.secret('argocd/shop', { url, ...fields })
    world.secret('argocd/creds', { url, ...fields }, { type: '' })
    for (const method of ['git', 'git:secret:argocd/creds']) {
      await expect(world.find(method, url)).rejects.toThrow('that nobody verifies is sent no credential')
    }
  })
})

async function refused(finding: Promise<unknown>): Promise<void> {
  const outcome = await finding.then(
    () => expect.unreachable('a credential was given'),
    (error: unknown) => error,
  )
  expect(outcome).toHaveProperty('remedy')
  expect(inspect(outcome, { depth: 9 })).not.toContain('hidden-word')
}
