import { describe, expect, it } from 'vitest'
import {
  chooseProvider,
  graphqlEndpoint,
  type ProviderName,
} from '../../src/lib/pull-requests/choose-provider.ts'
import { parseRepositoryAddress } from '../../src/lib/pull-requests/repository-address.ts'

describe('known hosts need no choice', () => {
  it.each<[string, ProviderName, string, string]>([
    ['https://github.com/acme/shop.git', 'github', 'acme/shop', 'https://api.github.com'],
    ['git@github.com:acme/shop.git', 'github', 'acme/shop', 'https://api.github.com'],
    ['ssh://git@ssh.github.com:443/acme/shop', 'github', 'acme/shop', 'https://api.github.com'],
    ['https://acme.ghe.com/acme/shop', 'github', 'acme/shop', 'https://api.acme.ghe.com'],
    ['https://gitlab.com/acme/web/shop.git', 'gitlab', 'acme/web/shop', 'https://gitlab.com/api/v4'],
    ['ssh://git@altssh.gitlab.com:443/acme/shop.git', 'gitlab', 'acme/shop', 'https://gitlab.com/api/v4'],
    ['https://codeberg.org/acme/shop', 'forgejo', 'acme/shop', 'https://codeberg.org/api/v1'],
    ['https://gitea.com/acme/shop/', 'gitea', 'acme/shop', 'https://gitea.com/api/v1'],
    ['git@bitbucket.org:acme/shop.git', 'bitbucket', 'acme/shop', 'https://api.bitbucket.org/2.0'],
    ['https://ada@dev.azure.com/acme/web/_git/shop', 'azure', 'web/shop', 'https://dev.azure.com/acme'],
    ['https://dev.azure.com/acme/_git/shop', 'azure', 'shop/shop', 'https://dev.azure.com/acme'],
    ['https://dev.azure.com/acme/My%20Web/_git/shop', 'azure', 'My Web/shop', 'https://dev.azure.com/acme'],
    ['git@ssh.dev.azure.com:v3/acme/web/shop', 'azure', 'web/shop', 'https://dev.azure.com/acme'],
    ['acme@vs-ssh.visualstudio.com:v3/acme/web/shop', 'azure', 'web/shop', 'https://dev.azure.com/acme'],
    ['https://acme.visualstudio.com/web/_git/shop', 'azure', 'web/shop', 'https://acme.visualstudio.com'],
    ['https://acme.visualstudio.com/_git/shop', 'azure', 'shop/shop', 'https://acme.visualstudio.com'],
    [
      'https://acme.visualstudio.com/DefaultCollection/web/_git/shop',
      'azure',
      'web/shop',
      'https://acme.visualstudio.com/DefaultCollection',
    ],
  ])('%s', (url, provider, repository, api) => {
    const place = chooseProvider(url)
    expect([place.provider, place.repository.join('/'), place.api, place.apiGiven]).toEqual([
      provider,
      repository,
      api,
      false,
    ])
  })
})

describe('other hosts are what they are said to be', () => {
  it.each<[string, ProviderName, string, string]>([
    ['https://ghe.example.com/acme/shop.git', 'github', 'acme/shop', 'https://ghe.example.com/api/v3'],
    ['ssh://git@ghe.example.com:2222/acme/shop', 'github', 'acme/shop', 'https://ghe.example.com/api/v3'],
    ['http://ghe.example.com/acme/shop', 'github', 'acme/shop', 'https://ghe.example.com/api/v3'],
    ['https://git.example.com:8443/a/b/c', 'gitlab', 'a/b/c', 'https://git.example.com:8443/api/v4'],
    [
      'https://b.example.com/scm/ACME/shop.git',
      'bitbucket',
      'ACME/shop',
      'https://b.example.com/rest/api/1.0',
    ],
    [
      'https://example.com/git/scm/~ada/shop',
      'bitbucket',
      '~ada/shop',
      'https://example.com/git/rest/api/1.0',
    ],
    [
      'ssh://git@b.example.com:7999/ACME/shop.git',
      'bitbucket',
      'ACME/shop',
      'https://b.example.com/rest/api/1.0',
    ],
    ['http://127.0.0.1:3000/acme/shop', 'gitea', 'acme/shop', 'http://127.0.0.1:3000/api/v1'],
    [
      'https://tfs.example.com/tfs/Main/web/_git/shop',
      'azure',
      'web/shop',
      'https://tfs.example.com/tfs/Main',
    ],
  ])('%s is %s', (url, choice, repository, api) => {
    const place = chooseProvider(url, choice)
    expect([place.repository.join('/'), place.api]).toEqual([repository, api])
  })

  it('the API may be elsewhere, and a service below a path', () => {
    const place = chooseProvider(
      'https://example.com/gitlab/acme/shop.git',
      'gitlab',
      'https://example.com/gitlab/api/v4/',
    )
    expect(place).toEqual({
      provider: 'gitlab',
      host: 'example.com',
      repository: ['acme', 'shop'],
      api: 'https://example.com/gitlab/api/v4',
      apiGiven: true,
    })
  })
})

describe('what cannot be told is refused', () => {
  it.each<[string, ProviderName | undefined, RegExp]>([
    ['https://git.example.com/acme/shop', undefined, /not known which service runs at git\.example\.com/],
    ['https://github.com.evil.example/acme/shop', undefined, /not known which service/],
    ['https://evilvisualstudio.com/acme/_git/shop', undefined, /not known which service/],
    ['https://github.com/acme/shop', 'gitlab', /github\.com is github, not gitlab/],
    ['https://git.example.com/scm/acme', 'bitbucket', /no owner and repository/],
    ['https://dev.azure.com/acme/web', undefined, /no project and repository of Azure DevOps/],
    ['https://github.com/acme', undefined, /no owner and repository/],
    ['https://github.com/acme/..%2fevil', undefined, /cannot be read/],
    ['https://github.com/acme/sh%00op', undefined, /cannot be read/],
    ['https://github.com/acme/%E0%A4%A', undefined, /cannot be read/],
    ['git@evil\u001b[2J:acme/shop', 'github', /cannot be read/],
    ['file:///srv/git/acme/shop', 'github', /cannot be read/],
    ['--upload-pack=x', 'github', /cannot be read/],
  ])('%s', (url, choice, message) => {
    expect(() => chooseProvider(url, choice)).toThrow(message)
  })

  it('a password in the URL is not shown', () => {
    const url = 'ftp://ada:S3CR3T@git.example.com/acme/shop'
    expect(() => chooseProvider(url, 'github')).toThrow(/^(?!.*S3CR3T)/)
    expect(parseRepositoryAddress('https://ada:S3CR3T@git.example.com/acme/shop').host).toBe(
      'git.example.com',
    )
  })

  it.each([
    'ftp://example.com',
    'https://ada:pw@example.com/api',
    'https://example.com/api?x=1',
    'example.com',
  ])('as an API: %s', (api) => {
    expect(() => chooseProvider('https://git.example.com/a/b', 'github', api)).toThrow(/URL of the API/)
  })
})

it.each([
  ['', 'https://api.github.com/graphql'],
  ['https://api.github.com', 'https://api.github.com/graphql'],
  ['https://api.acme.ghe.com/', 'https://api.acme.ghe.com/graphql'],
  ['https://ghe.example.com/api/v3', 'https://ghe.example.com/api/graphql'],
])('the GraphQL endpoint of "%s" is %s', (api, endpoint) => {
  expect(graphqlEndpoint(api)).toBe(endpoint)
})
